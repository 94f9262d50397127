import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The interval between progress reports of a long run, in milliseconds. */
const EVERY_MS = 30_000
/** A run with fewer files needs no progress reports. */
const FEW_FILES = 20
const SLOWEST = 10

/** The test files that failed in the last run, one a line; `.ci/run` runs them again. There is none when all passed. */
const FAILED = fileURLToPath(new URL('../../../node_modules/.cache/zcast-failed-tests', import.meta.url))

const seconds = (milliseconds) => `${Math.round(milliseconds / 1000)} s`
const shorten = (path) => path.slice(path.lastIndexOf('/packages/') + 1)

/** Reports the progress of a run of many test files, which of them took longest, and which tests passed only at the second try. */
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
    keepFailed(testResults)
    saySecondTries(testResults)
    if (testResults.length < FEW_FILES) return
    const files = testResults.map(({ testFilePath, perfStats: { runtime } }) => ({ testFilePath, runtime }))
    const slowest = files.toSorted((a, b) => b.runtime - a.runtime).slice(0, SLOWEST)
    const lines = slowest.map(
      ({ testFilePath, runtime }) => `  ${seconds(runtime).padStart(6)}  ${shorten(testFilePath)}`,
    )
    process.stderr.write(`\nThe test files that took longest:\n${lines.join('\n')}\n`)
  }
}

function keepFailed(results) {
  const failed = results.filter(({ numFailingTests, testExecError }) => numFailingTests > 0 || testExecError)
  rmSync(FAILED, { force: true })
  if (failed.length === 0) return
  mkdirSync(dirname(FAILED), { recursive: true })
  writeFileSync(FAILED, failed.map(({ testFilePath }) => `${testFilePath}\n`).join(''))
}

function saySecondTries(results) {
  const lines = results.flatMap(({ testFilePath, testResults }) =>
    testResults
      .filter(({ status, invocations }) => status === 'passed' && invocations > 1)
      .map(({ fullName }) => `  ${shorten(testFilePath)}: ${fullName}`),
  )
  if (lines.length > 0) process.stderr.write(`\nPassed only at the second try:\n${lines.join('\n')}\n`)
}
