import { describe, expect, test } from '@jest/globals'
import { mkdir, writeFile } from 'node:fs/promises'
import { freeEndpoint } from '@zcast/testing/network/free-ports'
import { LOG_LINE, useWorkbench } from '../support/zcast.ts'

const bench = useWorkbench()

const THROW_ON_SIGNAL = new URL('../fixtures/throw-on-signal.js', import.meta.url)

/** A line as the log has it, of so many minutes ago. */
function lineOf(level: 'ERROR' | 'WARNING', role: string, message: string, minutesAgo = 0): string {
  const time = new Date(Date.now() - minutesAgo * 60_000).toISOString().replace('Z', '+00:00')
  return `4711 - ${time} - ${level} - ${role}: ${message}`
}

async function writeLog(name: string, lines: readonly string[]): Promise<void> {
  await mkdir(bench.logFolder, { recursive: true })
  await writeFile(`${bench.logFolder}/${name}`, lines.map((line) => `${line}\n`).join(''))
}

const LOG = [
  lineOf('ERROR', 'publisher', 'a', 300),
  lineOf('WARNING', 'client 1', 'b', 200),
  lineOf('ERROR', 'client 2', 'c', 100),
  lineOf('WARNING', 'viewer 1', 'd', 5),
  lineOf('ERROR', 'client 1', 'e', 1),
]

describe('zcast logs', () => {
  test('prints the last lines, oldest first, from rotated files too', async () => {
    const old = Array.from({ length: 30 }, (_, index) =>
      lineOf('ERROR', 'publisher', `old ${index}`, 400 - index),
    )
    await writeLog('errors.1.log', old)
    await writeLog('errors.log', LOG)
    const [some, more] = await Promise.all([bench.run(['logs']), bench.run(['logs', '-n', '7'])])
    expect(some).toMatchObject({ status: 0, stderr: [] })
    expect(some.stdout).toEqual([...old.slice(-15), ...LOG])
    expect(more.stdout).toEqual([...old.slice(-2), ...LOG])
  })

  test.each([
    ['--level error', [0, 2, 4]],
    ['--level warning', [0, 1, 2, 3, 4]],
    ['--role client', [1, 2, 4]],
    ['--role publisher', [0]],
    ['--since 150m', [2, 3, 4]],
    ['--since 150m --level error --role client --lines 1', [4]],
    [`--since ${new Date(Date.now() - 150 * 60_000).toISOString()}`, [2, 3, 4]],
  ])('prints what was asked for: %s', async (options, expected) => {
    await writeLog('errors.log', LOG)
    const { status, stdout } = await bench.run(['logs', ...options.split(' ')])
    expect(status).toBe(0)
    expect(stdout).toEqual(expected.map((index) => LOG[index]))
  })

  test('takes the number of a client as a part of its role', async () => {
    await writeLog('errors.log', LOG)
    expect((await bench.run(['logs', '--role', 'client 1'])).stdout).toEqual([LOG[1], LOG[4]])
  })

  test('prints nothing where nothing went wrong yet', async () => {
    expect(await bench.run(['logs'])).toMatchObject({ status: 0, stdout: [], stderr: [] })
  })

  test('goes on with --follow, through a rotation, until it is told to end', async () => {
    await writeLog('errors.log', LOG)
    const follower = bench.start(['logs', '--follow', '--lines', '1'])
    await follower.stdout.atLeast(1)
    const small = ['--log-size', '1024']
    for (let run = 0; run < 6; run++) {
      await bench.run(['publish', 'video', bench.path(`missing-${run}-${'x'.repeat(200)}.mp4`), ...small])
      await follower.stdout.find(new RegExp(`missing-${run}-`))
    }
    const { status, stdout } = await follower.stop()
    expect(status).toBe(0)
    expect(stdout[0]).toBe(LOG[4])
    expect(stdout).toHaveLength(7)
    for (const line of stdout) expect(line).toMatch(LOG_LINE)
    // It was rotated meanwhile: not all is in one file.
    expect(bench.logLines().length).toBeLessThan(7)
  })
})

describe('the error log', () => {
  test('ends with the error that a process died of, which nobody had caught', async () => {
    const client = bench.start(['client', '3', '--connect', await freeEndpoint()], {
      env: { NODE_OPTIONS: `--import=${THROW_ON_SIGNAL.href}` },
    })
    await client.stderr.find(/waiting for/)
    const { status, stderr } = await client.stop('SIGUSR2')
    expect(status).toBe(1)
    expect(stderr.at(-1)).toBe('zcast: the last straw')
    expect(LOG_LINE.exec(bench.logLines().at(-1) as string)?.slice(2)).toEqual([
      'ERROR',
      'client 3',
      'the last straw',
    ])
  })
})
