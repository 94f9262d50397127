/** The interval between progress reports of a long run, in milliseconds. */
const EVERY_MS = 30_000
/** A run with fewer files needs no progress reports. */
const FEW_FILES = 20
const SLOWEST = 10

const seconds = (milliseconds) => `${Math.round(milliseconds / 1000)} s`

/** Reports the progress of a run of many test files, and which of them took longest. */
export default class ProgressReporter {
  #startedMs = Date.now()
  #saidMs = Date.now()

  onTestResult(_test, _result, { numTotalTestSuites, numPassedTestSuites, numFailedTestSuites, ...rest }) {
    const done = numPassedTestSuites + numFailedTestSuites + rest.numPendingTestSuites
    if (numTotalTestSuites < FEW_FILES || Date.now() - this.#saidMs < EVERY_MS) return
    this.#saidMs = Date.now()
    const failed = numFailedTestSuites === 0 ? 'none failed' : `${numFailedTestSuites} failed`
    const taken = seconds(this.#saidMs - this.#startedMs)
    process.stderr.write(`\n${done} of ${numTotalTestSuites} test files in ${taken}, ${failed}\n\n`)
  }

  onRunComplete(_contexts, { testResults }) {
    if (testResults.length < FEW_FILES) return
    const files = testResults.map(({ testFilePath, perfStats: { runtime } }) => ({ testFilePath, runtime }))
    const slowest = files.toSorted((a, b) => b.runtime - a.runtime).slice(0, SLOWEST)
    const lines = slowest.map(({ testFilePath, runtime }) => {
      const path = testFilePath.slice(testFilePath.lastIndexOf('/packages/') + 1)
      return `  ${seconds(runtime).padStart(6)}  ${path}`
    })
    process.stderr.write(`\nThe test files that took longest:\n${lines.join('\n')}\n`)
  }
}
