import { writeFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { ZeromqTransport } from '@zcast/shared'
import { findPython } from '@zcast/testing/machine/python'
import { mountSmallDisk } from '@zcast/testing/machine/small-disk'
import { checkDisk } from '../../src/commands/doctor/checks/check-disk.ts'
import { checkPagePorts } from '../../src/commands/doctor/checks/check-page-ports.ts'
import { checkReach } from '../../src/commands/doctor/checks/check-reach.ts'
import type { Finding } from '../../src/commands/doctor/finding.ts'
import { freePort } from '@zcast/testing/network/free-ports'
import { Program } from '../support/program.ts'

const PYTHON = findPython('socket')
const fixture = join(import.meta.dirname, '../fixtures/full_backlog.py')
const signal = new AbortController().signal
const closing: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

async function collect(check: AsyncIterable<Finding>): Promise<Finding[]> {
  const findings: Finding[] = []
  for await (const finding of check) findings.push(finding)
  return findings
}

async function listen(greet?: string): Promise<number> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined)
    closing.push(() => socket.destroy())
    if (greet !== undefined) socket.write(greet)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => new Promise((resolve) => server.close(resolve)))
  return (server.address() as AddressInfo).port
}

const reach = async (endpoint: string, isDefault = false): Promise<Finding | undefined> =>
  (await checkReach(endpoint, isDefault, signal)).findings[0]

describe('the check of an endpoint', () => {
  test('says that the connection is refused, and only remarks it of an endpoint that nobody named', async () => {
    const endpoint = `tcp://127.0.0.1:${await freePort()}`
    expect(await reach(endpoint)).toMatchObject({
      code: 'refused',
      level: 'problem',
      sentence: expect.stringMatching(/^nobody listens at \S+: the connection was refused in [\d.]+ ms$/),
    })
    expect(await reach(endpoint, true)).toMatchObject({ code: 'nobody', level: 'ok' })
  })

  test('says that there is no machine of that name', async () => {
    expect(await reach('tcp://no-such-machine.invalid:5556')).toMatchObject({
      code: 'host-unknown',
      level: 'problem',
      sentence: expect.stringMatching(/^no machine called "no-such-machine\.invalid" was found/),
    })
  })

  test('says that a port is taken by something that is no ZeroMQ', async () => {
    const port = await listen('220 mail.example ESMTP\r\n')
    expect(await reach(`tcp://127.0.0.1:${port}`)).toMatchObject({
      code: 'not-zeromq',
      level: 'problem',
      sentence: expect.stringMatching(/ is taken.*: what listens there speaks something else than ZeroMQ$/),
    })
    const silent = await listen()
    expect(await reach(`tcp://127.0.0.1:${silent}`)).toMatchObject({
      code: 'not-zeromq',
      sentence: expect.stringMatching(/accepts connections and says nothing$/),
    })
  })

  test('says which program has the port', async () => {
    if (process.platform !== 'linux') return console.log('only Linux says which program has a port')
    const port = await listen('hello')
    const { sentence } = (await reach(`tcp://127.0.0.1:${port}`)) as Finding
    expect(sentence).toContain(`(process ${process.pid})`)
  })

  test('says that a publisher listens on IPv6 only', async () => {
    const socket = await new ZeromqTransport()
      .openPublish({ bind: ['tcp://[::1]:*'], highWaterMark: 10 })
      .catch(() => undefined)
    if (!socket) return console.log('the test of IPv6 is skipped: this machine has none')
    closing.push(() => socket.close())
    const port = /:(\d+)$/.exec(socket.endpoints[0] as string)?.[1]
    expect(await reach(`tcp://127.0.0.1:${port}`)).toMatchObject({
      code: 'ipv6-only',
      level: 'problem',
      sentence: expect.stringContaining('but somebody does at [::1]'),
      advice: `connect to tcp://[::1]:${port}`,
    })
  })

  test('says that a publisher listens for its own machine only', async () => {
    const own = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .find(({ internal, family }) => !internal && family === 'IPv4')?.address
    if (own === undefined) return console.log('skipped: this machine is on no network')
    const socket = await new ZeromqTransport().openPublish({ bind: ['tcp://127.0.0.1:*'], highWaterMark: 10 })
    closing.push(() => socket.close())
    const port = /:(\d+)$/.exec(socket.endpoints[0] as string)?.[1]
    expect(await reach(`tcp://${own}:${port}`)).toMatchObject({
      code: 'loopback-only',
      level: 'problem',
      advice: expect.stringContaining('--host 0.0.0.0'),
    })
  })

  test('says that nobody has made the socket of an ipc endpoint', async () => {
    expect(await reach('ipc:///nowhere/zcast.sock')).toMatchObject({
      code: 'file-missing',
      sentence: 'nobody has made the socket /nowhere/zcast.sock',
    })
  })

  test('says how long a publisher took to answer', async () => {
    const socket = await new ZeromqTransport().openPublish({ bind: ['tcp://127.0.0.1:*'], highWaterMark: 10 })
    closing.push(() => socket.close())
    const endpoint = socket.endpoints[0] as string
    expect(await checkReach(endpoint, false, signal)).toMatchObject({
      isThere: true,
      findings: [{ code: 'reached', level: 'ok', measurement: { mechanism: 'NULL' } }],
    })
  })

  PYTHON.describe('behind a firewall', () => {
    test('says that there is no answer', async () => {
      if (process.platform !== 'linux') return console.log('only Linux drops connections of a full queue')
      const program = new Program(PYTHON.path as string, [fixture])
      closing.push(() => program.stop('SIGKILL'))
      const [port] = await program.stdout.atLeast(1)
      expect(await reach(`tcp://127.0.0.1:${port}`)).toMatchObject({
        code: 'filtered',
        level: 'problem',
        sentence: expect.stringMatching(/^no answer from \S+ in 3\.\d s$/),
      })
    })
  })
})

describe('the check of disks', () => {
  test('says that a disk is full, with what is free', async () => {
    const disk = mountSmallDisk(256 * 1024)
    if (typeof disk === 'string') return console.log(`the test of a full disk is skipped: ${disk}`)
    closing.push(() => disk.remove())
    await writeFile(join(disk.folder, 'big'), Buffer.alloc(256 * 1024)).catch(() => undefined)
    // The folder itself may not exist yet.
    const findings = await collect(checkDisk([{ path: join(disk.folder, 'logs'), use: 'the error log' }]))
    expect(findings).toMatchObject([
      {
        code: 'disk-full',
        level: 'problem',
        sentence: `0 B of 262.1 kB are free in ${disk.folder} (the error log)`,
      },
    ])
  })
})

describe('the check of ports of pages', () => {
  test('says which are taken, and by what', async () => {
    const port = await listen()
    const findings = await collect(checkPagePorts([{ port, command: 'zcast viewer 1' }]))
    expect(findings).toMatchObject([
      { code: 'port-taken', level: 'warning', advice: expect.stringContaining('"zcast viewer 1"') },
    ])
    expect(findings[0]?.sentence).toMatch(new RegExp(`^port ${port} is taken by \\S`))
    expect(
      await collect(checkPagePorts([{ port: await freePort(), command: 'zcast viewer 1' }])),
    ).toMatchObject([{ code: 'ports', level: 'ok' }])
  })
})
