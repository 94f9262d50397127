import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import type { Program } from '../support/program.ts'
import { INSTALLED_ZCAST, publishedAt, useWorkbench, ZCAST } from '../support/zcast.ts'

const bench = useWorkbench()
const sockets: Socket[] = []

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
})

/** Starts `zcast` where it may open only so many files. */
/** The joined command opens one file for its own modules, and leaves the others to connections. */
function startWithFiles(files: number, args: readonly string[], command = ZCAST): Program {
  const script = `ulimit -n ${files}; exec "$@"`
  return bench.launch('/bin/sh', [
    '-c',
    script,
    'sh',
    process.execPath,
    command,
    ...args,
    '--log-dir',
    bench.logFolder,
  ])
}

async function connectIdle(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  sockets.push(socket)
  await once(socket, 'connect')
}

const describeOnPosix = process.platform === 'win32' ? describe.skip : describe

describeOnPosix('a process that may open few files', () => {
  test('goes on to stream to those who are connected when nobody else can connect, and says so once', async () => {
    const publisher = startWithFiles(64, [
      'publish',
      'numbers',
      '--bind',
      'tcp://127.0.0.1:*',
      '--interval',
      '10ms',
    ])
    const endpoint = await publishedAt(publisher, 'numbers/random')
    const client = bench.start(['client', 3, '--connect', endpoint, '--json'])
    await client.stdout.atLeast(1)
    const port = Number(endpoint.split(':').at(-1))
    await Promise.all(Array.from({ length: 60 }, () => connectIdle(port)))
    const refusal =
      /: warning: no further peer can connect to tcp:\/\/127\.0\.0\.1:\d+: this process has reached its limit of open files/
    await publisher.stderr.find(refusal)
    await client.stdout.atLeast(client.stdout.all.length + 200)
    const { stderr } = await client.stop('SIGINT')
    expect(stderr.at(-1)).toMatch(/^received \d+, lost 0, /)
    expect((await publisher.stop('SIGINT')).status).toBe(0)
    expect(publisher.stderr.all.filter((line) => refusal.test(line)).length).toBe(1)
    expect(bench.logLines().length).toBe(1)
  })

  test.each([24, 38, 48])('says so in one sentence when its own do not fit into %d', async (files) => {
    const { status, stdout, stderr } = await startWithFiles(
      files,
      ['publish', '--for', '1s'],
      INSTALLED_ZCAST,
    ).ended
    expect(stderr).toEqual([
      `zcast: this process may open too few files (${files}) to load its own; allow it more with ulimit -n 256`,
    ])
    expect([status, stdout]).toEqual([1, []])
  })

  test('leaves a file at the path of its endpoint alone, and no file of its own behind', async () => {
    writeFileSync(bench.path('notes.txt'), 'mine')
    const refused = await bench.run(['publish', 'numbers', '--bind', `ipc://${bench.path('notes.txt')}`])
    expect(refused.status).toBe(1)
    expect(refused.stderr.at(-1)).toMatch(
      /^zcast: cannot bind ipc:.*notes\.txt is a file, which is not replaced; choose another path$/,
    )
    expect(readFileSync(bench.path('notes.txt'), 'utf8')).toBe('mine')
    const endpoint = `ipc://${bench.path('socket')}`
    for (const signal of ['SIGKILL', 'SIGINT'] as const) {
      const publisher = bench.start(['publish', 'numbers', '--bind', endpoint])
      await publishedAt(publisher, 'numbers/random')
      const second = await bench.run(['publish', 'numbers', '--bind', endpoint])
      expect(second.stderr.at(-1)).toMatch(/address already in use/)
      await publisher.stop(signal)
    }
    expect(readdirSync(bench.folder).toSorted()).toEqual(['logs', 'notes.txt'])
  })
})
