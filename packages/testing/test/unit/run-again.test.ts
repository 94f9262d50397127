import { describe, expect, test } from '@jest/globals'
import type { AssertionResult, TestResult } from '@jest/test-result'
import { filesToRunAgain, secondTries } from '../../src/run-again.js'

const file = (kind: string, name: string, rest: Partial<TestResult> = {}): TestResult =>
  ({
    displayName: { name: kind, color: 'white' },
    testFilePath: `/clone/packages/cli/test/${kind}/${name}.test.ts`,
    numFailingTests: 0,
    testResults: [],
    ...rest,
  }) as unknown as TestResult
const failed = { numFailingTests: 1 }
const died = { testExecError: { message: 'A jest worker process was terminated: signal=SIGSEGV', stack: '' } }

describe('the files that are run again', () => {
  test('are those with sockets, processes and pages that failed', () => {
    const results = [
      file('unit', 'a'),
      file('integration', 'b', failed),
      file('e2e', 'c', failed),
      file('e2e', 'd'),
    ]
    expect(filesToRunAgain(results)).toEqual([
      '/clone/packages/cli/test/integration/b.test.ts',
      '/clone/packages/cli/test/e2e/c.test.ts',
    ])
  })

  test.each([
    ['a unit test failed', file('unit', 'a', failed)],
    ['the process of a file died', file('integration', 'a', died)],
  ])('are none when %s', (_, fault) => {
    expect(filesToRunAgain([file('integration', 'b', failed), fault])).toEqual([])
  })
})

test('second tries are the tests that passed only then', () => {
  const tried = (fullName: string, status: AssertionResult['status'], invocations?: number) =>
    ({ fullName, status, invocations }) as AssertionResult
  const testResults = [
    tried('one', 'passed', 1),
    tried('two', 'passed', 2),
    tried('three', 'failed', 2),
    tried('four', 'pending'),
  ]
  expect(secondTries([file('e2e', 'a', { testResults })])).toEqual(['packages/cli/test/e2e/a.test.ts: two'])
})
