import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'

const SCRIPT = readFileSync(join(import.meta.dirname, '../../../../.ci/run'), 'utf8')
const TEST_ALL = /^most_tries=.*?^}$/ms.exec(SCRIPT)?.[0]

/** Runs the tests of CI with another npm in place of the real one: for all tests, and for those that are run again. */
const run = (all: string, again: string) => {
  const npm = `npm() { if [ "$1" = test ]; then ${all}; else echo "again: \${*:6}"; ${again}; fi }`
  const script = `set -euo pipefail\nlists=node_modules/.cache/zcast\n${npm}\n${TEST_ALL}\ntest_all\necho went on`
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script], { cwd: folder, encoding: 'utf8' })
  expect(stderr).toBe('')
  return { isPassed: status === 0 && stdout.endsWith('went on\n'), again: /^again: (.*)$/m.exec(stdout)?.[1] }
}
const tries = (count: number) => `seq ${count} >"$lists-second-tries"`
const failing = (...files: string[]) => `printf '%s\\n' ${files.join(' ')} >"$lists-run-again"; return 1`

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'zcast-ci-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const described = process.platform === 'linux' ? describe : describe.skip
described('the tests of CI', () => {
  test.each([
    ['pass when all pass', ':', true, undefined],
    ['pass with a few second tries', tries(8), true, undefined],
    ['fail with many second tries', tries(9), false, undefined],
    ['fail when nothing may be run again, as after a unit test or a crash', 'return 1', false, undefined],
    ['pass when what failed passes alone', failing('a.test.ts', 'b.test.ts'), true, 'a.test.ts b.test.ts'],
    [
      'fail when too much failed',
      failing(...Array.from({ length: 9 }, (_, index) => `${index}.test.ts`)),
      false,
      undefined,
    ],
    ['fail when second tries and what failed are too much', `${tries(8)}; ${failing('a')}`, false, undefined],
  ])('%s', (_, all, isPassed, again) => {
    expect(run(all, ':')).toEqual({ isPassed, again })
  })

  test('fail when what failed fails alone as well', () => {
    expect(run(failing('a.test.ts'), 'return 1')).toEqual({ isPassed: false, again: 'a.test.ts' })
  })

  test('go by no list of an earlier run', () => {
    run(`${tries(9)}; ${failing('a.test.ts')}`, ':')
    expect(run('return 1', ':')).toEqual({ isPassed: false, again: undefined })
    expect(run(':', ':')).toEqual({ isPassed: true, again: undefined })
  })
})
