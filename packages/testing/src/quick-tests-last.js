import { statSync } from 'node:fs'
import Sequencer from '@jest/test-sequencer'

/** A unit test as small as this takes a few hundred milliseconds. */
const SMALL_BYTES = 4000

/** A file as small as this runs tests that are written elsewhere, such as those of a contract. */
const ALMOST_EMPTY_BYTES = 1000

/**
 * Jest runs large files first where it does not know how long they take, as in a fresh clone: a file of three lines that
 * decodes clips for half a minute came last, while the other workers had nothing to do. Here the last ones are quick.
 */
export default class QuickTestsLast extends Sequencer {
  sort(tests) {
    return super.sort(tests).toSorted((one, other) => rankOf(one) - rankOf(other))
  }
}

function rankOf({ path, context }) {
  const { size } = statSync(path)
  if (context.config.displayName?.name === 'unit') return size < SMALL_BYTES ? 2 : 1
  return size < ALMOST_EMPTY_BYTES ? 0 : 1
}
