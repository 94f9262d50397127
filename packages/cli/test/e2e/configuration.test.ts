import { writeFile } from 'node:fs/promises'
import { describe, expect, test } from '@jest/globals'
import type { ProgramOptions } from '../support/program.ts'
import { PROJECT, publishedAt, useWorkbench } from '../support/zcast.ts'

const bench = useWorkbench()

/** How many numbers are in an array that a publisher sends with these settings. */
async function countOf(args: readonly (string | number)[], env: ProgramOptions['env'] = {}): Promise<number> {
  const publisher = bench.start(['publish', 'numbers', '--bind', 'tcp://127.0.0.1:*', ...args], { env })
  const endpoint = await publishedAt(publisher, 'numbers/random')
  const client = await bench.run(['client', 'all', '--json', '--messages', 1, '--connect', endpoint])
  await publisher.stop()
  return (JSON.parse(client.stdout[0] as string) as { values: number[] }).values.length
}

async function writeConfiguration(settings: unknown): Promise<string> {
  const path = bench.path('zcast.json')
  await writeFile(path, JSON.stringify(settings))
  return path
}

describe('an option', () => {
  test('is taken from the flag before the environment, the file and the default', async () => {
    const file = await writeConfiguration({
      publish: { count: 2, interval: '10ms' },
      client: { topic: 'numbers/x' },
    })
    const env = { ZCAST_COUNT: '3' }
    const counts = await Promise.all([
      countOf(['--config', file, '--count', 4], env),
      countOf(['--config', file], env),
      countOf(['--config', file]),
      countOf(['--interval', '10ms']),
    ])
    expect(counts).toEqual([4, 3, 2, 6])
  })

  test('is taken from the file that the environment names', async () => {
    const file = await writeConfiguration({ publish: { count: '5', interval: '10ms' } })
    expect(await countOf([], { ZCAST_CONFIG: file })).toBe(5)
  })

  test('common to all commands stands beside the groups in the file', async () => {
    const file = await writeConfiguration({
      quiet: true,
      client: { for: '50ms', connect: ['tcp://127.0.0.1:1'] },
    })
    const { status, stderr } = await bench.run(['client', '1', '--config', file])
    expect(status).toBe(0)
    expect(stderr).toEqual(['received 0, lost 0, skipped 0, invalid 0, 0.0/s, connecting'])
  })

  test('is wrong in the environment as on the command line, and says which it is', async () => {
    const outcomes = await Promise.all(
      [{ ZCAST_COUNT: '0' }, { ZCAST_QUIET: 'perhaps' }, { ZCAST_CONFIG: bench.path('none.json') }].map(
        (env) => bench.run(['publish', 'numbers'], { env }),
      ),
    )
    expect(outcomes.map(({ status }) => status)).toEqual([2, 2, 2])
    expect(outcomes.map(({ stderr }) => stderr[0])).toEqual([
      'zcast: count must be a whole number from 1 to 1000000, got 0 (from ZCAST_COUNT)',
      'zcast: ZCAST_QUIET must be true or false, got "perhaps"',
      expect.stringMatching(/^zcast: cannot use the configuration file .*none\.json: there is no such file$/),
    ])
  })

  test('that is unknown is ignored in the environment', async () => {
    const { status, stderr } = await bench.run(['client', '1', '--for', '10ms', '--quiet'], {
      env: { ZCAST_BOGUS: '1', ZCAST_COUNT: 'not for a client', ZCAST_CONNECT: 'tcp://127.0.0.1:1' },
    })
    expect(status).toBe(0)
    expect(stderr).toHaveLength(1)
  })
})

describe('the four uses', () => {
  test.each([
    ['publisher', 'publish [what] [source..]'],
    ['client', 'client [which] [files..]'],
    ['viewer', 'viewer <number> [files..]'],
    ['logs', 'logs'],
    ['demo', 'demo'],
  ])('are npm scripts too: npm run %s', async (script, usage) => {
    const npm = bench.launch('npm', ['run', '--silent', script, '--', '--help'], { cwd: PROJECT })
    const { status, stdout } = await npm.ended
    expect(status).toBe(0)
    expect(stdout[0]).toBe(`zcast ${usage}`)
  })

  test('are told by --help, and the version by --version', async () => {
    const [help, version] = await Promise.all([bench.run(['--help']), bench.run(['--version'])])
    expect(help.status).toBe(0)
    for (const command of ['publish', 'client', 'viewer', 'logs', 'demo']) {
      expect(help.stdout.join('\n')).toMatch(new RegExp(`^  zcast ${command} `, 'm'))
    }
    expect(version).toMatchObject({
      status: 0,
      stdout: [expect.stringMatching(/^\d+\.\d+\.\d+$/)],
      stderr: [],
    })
  })
})
