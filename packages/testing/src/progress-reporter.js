import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { filesToRunAgain, secondTries, shorten } from './run-again.js'

/** The interval between progress reports of a long run, in milliseconds. */
const EVERY_MS = 30_000
/** A run with fewer files needs no progress reports. */
const FEW_FILES = 20
const SLOWEST = 10

/** Beside what else is remembered of a checkout; `.ci/run` reads both. */
const CACHE = new URL('../../../node_modules/.cache/', import.meta.url)
/** The test files that may be run once more, one a line: none when all passed, or when there is a fault for certain. */
const RUN_AGAIN = fileURLToPath(new URL('zcast-run-again', CACHE))
/** The tests that passed only at the second try, one a line. */
const SECOND_TRIES = fileURLToPath(new URL('zcast-second-tries', CACHE))

const seconds = (milliseconds) => `${Math.round(milliseconds / 1000)} s`

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

  onRunComplete(_contexts, { testResults, wasInterrupted }) {
    const tries = secondTries(testResults)
    mkdirSync(CACHE, { recursive: true })
    writeLines(RUN_AGAIN, wasInterrupted ? [] : filesToRunAgain(testResults))
    writeLines(SECOND_TRIES, tries)
    if (tries.length > 0)
      process.stderr.write(`\nPassed only at the second try:\n${tries.map((line) => `  ${line}\n`).join('')}`)
    if (testResults.length < FEW_FILES) return
    const files = testResults.map(({ testFilePath, perfStats: { runtime } }) => ({ testFilePath, runtime }))
    const slowest = files.toSorted((a, b) => b.runtime - a.runtime).slice(0, SLOWEST)
    const lines = slowest.map(
      ({ testFilePath, runtime }) => `  ${seconds(runtime).padStart(6)}  ${shorten(testFilePath)}`,
    )
    process.stderr.write(`\nThe test files that took longest:\n${lines.join('\n')}\n`)
  }
}

function writeLines(path, lines) {
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''))
}
