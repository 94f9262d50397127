import type { History, RecordedLine } from '@zcast/subscribers'
import type { PastLines } from './past-messages.ts'

const MOST_BEFORE = 40
const MOST_AFTER = 20
/** A longer line is cut, as in the tail of the log. */
const MOST_LENGTH = 2000
/** How far back to look first, and at last; between, four times as far each time. */
const FIRST_SECONDS = 60
const LAST_SECONDS = 86_400

/** The lines of the error log around a moment. */
export async function readPastLines(history: History, at: number): Promise<PastLines> {
  let before: RecordedLine[] = []
  const oldest = history.from ?? at
  for (let seconds = FIRST_SECONDS; seconds <= LAST_SECONDS; seconds *= 4) {
    before = []
    for await (const line of history.lines({ from: at - seconds, to: at })) {
      before.push(line)
      if (before.length > MOST_BEFORE) before.shift()
    }
    if (before.length === MOST_BEFORE || at - seconds < oldest) break
  }
  const after: RecordedLine[] = []
  for await (const line of history.lines({ from: at })) {
    if (line.time === at) continue
    after.push(line)
    if (after.length === MOST_AFTER) break
  }
  const lines = [...before, ...after].map(({ time, line }) => ({ time, line: line.slice(0, MOST_LENGTH) }))
  return { lines }
}
