/**
 * The test files that may be run once more, alone. Only tests with sockets, processes and pages depend on what else the
 * machine does: where a unit test failed too, or a file ended in another way than by a test (its process died, it does
 * not load), there is nothing to try again.
 *
 * @param {readonly import('@jest/test-result').TestResult[]} results
 */
export function filesToRunAgain(results) {
  const failed = results.filter(({ numFailingTests, testExecError }) => numFailingTests > 0 || testExecError)
  const isFault = failed.some(
    ({ displayName, testExecError }) => displayName?.name === 'unit' || testExecError,
  )
  return isFault ? [] : failed.map(({ testFilePath }) => testFilePath)
}

/**
 * Tests that passed only when they were tried again, each with its file.
 *
 * @param {readonly import('@jest/test-result').TestResult[]} results
 */
export function secondTries(results) {
  return results.flatMap(({ testFilePath, testResults }) =>
    testResults
      .filter(({ status, invocations = 1 }) => status === 'passed' && invocations > 1)
      .map(({ fullName }) => `${shorten(testFilePath)}: ${fullName}`),
  )
}

/** @param {string} path */
export function shorten(path) {
  return path.slice(path.lastIndexOf('/packages/') + 1)
}
