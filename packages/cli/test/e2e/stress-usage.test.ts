import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { useWorkbench } from '../support/zcast.ts'

const bench = useWorkbench()

const PROGRAMS = {
  fuzz: 'stress/dist/fuzz.js',
  soak: 'stress/dist/soak.js',
  faults: 'stress/dist/faults.js',
  bench: 'benchmarks/dist/main.js',
}

describe.each(Object.entries(PROGRAMS))('npm run %s', (script, path) => {
  const run = (...args: string[]) =>
    bench.launch(process.execPath, [fileURLToPath(new URL(`../../../../${path}`, import.meta.url)), ...args])
      .ended

  test('--help shows its options and an example, and exits with 0', async () => {
    const { status, stdout, stderr } = await run('--help')
    expect(stderr).toEqual([])
    expect(stdout).toContainEqual(expect.stringMatching(/^ {2}--\w+/))
    expect(stdout.at(-1)).toMatch(new RegExp(`^Example: npm run ${script} -- \\S`))
    expect(status).toBe(0)
  })

  test('refuses an option that is not known with one sentence and exit status 2', async () => {
    const { status, stdout, stderr } = await run('--nonsense', '1')
    expect(stderr).toEqual([
      expect.stringMatching(/^Unknown option '--nonsense' \(known: --\w+.*, --help\)$/),
    ])
    expect(stdout).toEqual([])
    expect(status).toBe(2)
  })
})

test.each(['0', '1.5', 'often'])('npm run faults refuses to try %s times', async (times) => {
  const path = fileURLToPath(new URL(`../../../../${PROGRAMS.faults}`, import.meta.url))
  const { status, stderr } = await bench.launch(process.execPath, [path, '--times', times]).ended
  expect(stderr).toEqual([`times must be a whole number from 1 to 100000, got "${times}"`])
  expect(status).toBe(2)
})
