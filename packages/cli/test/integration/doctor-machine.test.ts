import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { networkInterfaces, tmpdir } from 'node:os'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { ZeromqTransport } from '@zcast/shared'
import { findPython } from '@zcast/testing/machine/python'
import { canMakeReadOnly, makeReadOnly } from '@zcast/testing/machine/read-only'
import { mountSmallDisk } from '@zcast/testing/machine/small-disk'
import { checkDisk } from '../../src/commands/doctor/checks/check-disk.ts'
import { checkPagePorts } from '../../src/commands/doctor/checks/check-page-ports.ts'
import { checkReach } from '../../src/commands/doctor/checks/check-reach.ts'
import { checkReaders } from '../../src/commands/doctor/checks/check-readers.ts'
import type { DoctorPlan } from '../../src/commands/doctor/doctor-plan.ts'
import type { Finding } from '../../src/commands/doctor/finding.ts'
import { examineEndpoint } from '../../src/commands/doctor/stream/examine-endpoint.ts'
import { freePort } from '@zcast/testing/network/free-ports'
import { Program } from '../support/program.ts'

const PYTHON = findPython('socket')
const fixture = join(import.meta.dirname, '../fixtures/full_backlog.py')
/** Connects to a port of this machine, has the system keep little for it, and reads nothing. Prints its own port. */
const DEAF_SUBSCRIBER = `
import socket, sys, time
peer = socket.socket()
peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
peer.connect(("127.0.0.1", int(sys.argv[1])))
print(peer.getsockname()[1], flush=True)
time.sleep(600)
`
/** What is not found by then does not come. */
const LOOK_FOR_MS = 60_000
const closing: (() => unknown)[] = []
let ended: AbortController
let signal: AbortSignal

beforeEach(() => {
  ended = new AbortController()
  signal = ended.signal
})

afterEach(async () => {
  ended.abort()
  for (const close of closing.splice(0).toReversed()) await close()
})

async function collect(check: AsyncIterable<Finding>): Promise<Finding[]> {
  const findings: Finding[] = []
  for await (const finding of check) findings.push(finding)
  return findings
}

/** Looks again and again: a busy machine may not have sent much yet. */
async function untilFound(look: () => Promise<Finding | undefined>): Promise<Finding> {
  const own = signal
  const deadlineMs = performance.now() + LOOK_FOR_MS
  while (!own.aborted && performance.now() < deadlineMs) {
    const finding = await look()
    if (finding) return finding
  }
  throw new Error('nothing was found')
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

  test('says that a name is reached at its older address only', async () => {
    const socket = await new ZeromqTransport().openPublish({ bind: ['tcp://127.0.0.1:*'], highWaterMark: 10 })
    closing.push(() => socket.close())
    const port = /:(\d+)$/.exec(socket.endpoints[0] as string)?.[1]
    const bothAddresses = async (): Promise<readonly string[]> => ['::1', '127.0.0.1']
    const { findings, isThere } = await checkReach(`tcp://camera.lan:${port}`, false, signal, bothAddresses)
    expect({ findings, isThere }).toMatchObject({
      isThere: true,
      findings: [
        {
          code: 'ipv4-only',
          level: 'warning',
          sentence: expect.stringMatching(
            /^tcp:\/\/camera\.lan:\d+ is reached at 127\.0\.0\.1 .*, and not at ::1$/,
          ),
        },
      ],
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

  test('warns of a disk that is nearly full', async () => {
    const disk = mountSmallDisk(64e6)
    if (typeof disk === 'string') return console.log(`the test of a small disk is skipped: ${disk}`)
    closing.push(() => disk.remove())
    expect(await collect(checkDisk([{ path: disk.folder, use: 'files that are recorded' }]))).toMatchObject([
      {
        code: 'disk-low',
        level: 'warning',
        sentence: expect.stringMatching(/^64\.00 MB of 64\.00 MB are free in /),
      },
    ])
  })

  test('says that a folder cannot be written to', async () => {
    if (!canMakeReadOnly) return
    const folder = await mkdtemp(join(tmpdir(), 'zcast-doctor-'))
    closing.push(() => rm(folder, { recursive: true }))
    closing.push(makeReadOnly(folder))
    expect(await collect(checkDisk([{ path: join(folder, 'logs'), use: 'the error log' }]))).toMatchObject([
      {
        code: 'folder-not-writable',
        level: 'problem',
        sentence: `${folder}, where the error log would be written, cannot be written to`,
      },
    ])
  })
})

PYTHON.describe('the check of readers', () => {
  test('says that the subscriber of a publisher here takes less than is sent', async () => {
    if (process.platform !== 'linux') return console.log('only Linux tells the queues of others')
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      closing.push(() => socket.destroy())
      socket.write(Buffer.alloc(16e6))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closing.push(() => new Promise((resolve) => server.close(resolve)))
    const { port } = server.address() as AddressInfo
    // A subscriber on another machine: little of what it has not read waits at this one.
    const subscriber = new Program(PYTHON.path as string, ['-c', DEAF_SUBSCRIBER, String(port)])
    closing.push(() => subscriber.stop('SIGKILL'))
    const [ownPort] = await subscriber.stdout.atLeast(1)
    const finding = await untilFound(
      async () => (await collect(checkReaders([`tcp://127.0.0.1:${port}`], signal)))[0],
    )
    expect(finding).toMatchObject({
      code: 'subscriber-slow',
      level: 'problem',
      sentence: expect.stringMatching(
        / takes less than is sent: at least [\d.]+ [kM]B waited for it all the time$/,
      ),
      measurement: { peer: `127.0.0.1:${ownPort}`, port },
    })
  })
})

test('a message that is larger than is taken here is told by its publisher', async () => {
  const socket = await new ZeromqTransport().openPublish({ bind: ['tcp://127.0.0.1:*'], highWaterMark: 10 })
  closing.push(() => socket.close())
  const sending = setInterval(() => void socket.send([Buffer.from('numbers/big'), Buffer.alloc(20_000)]), 50)
  closing.push(() => clearInterval(sending))
  const endpoint = socket.endpoints[0] as string
  const plan: DoctorPlan = {
    connect: [endpoint],
    isDefault: false,
    topics: [],
    pages: [],
    heartbeatMs: 5000,
    maxMessageBytes: 10_000,
    keys: { curve: undefined, warning: undefined },
    logDirectory: '.',
  }
  const cut = await untilFound(async () => {
    const { findings } = await examineEndpoint(endpoint, plan, signal)
    return findings.find(({ code }) => code === 'refused-peer')
  })
  expect(cut).toMatchObject({
    level: 'problem',
    sentence: expect.stringContaining(endpoint),
    advice: expect.stringContaining('--max-message-size'),
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
