import { parseTopic } from '@zcast/shared'
import type { Past } from './past.ts'
import type { TimelineMessage } from './past-messages.ts'
import { TimelineMarks } from './timeline-marks.ts'

/** The topics that a page is told of. */
const MOST_TOPICS = 512
/** Notes that come this much later than their time are still found. */
const LATE_SECONDS = 5
/** Notes of the last seconds that are told apart, so that none counts twice. */
const MOST_RECENT = 4096

/**
 * What is kept, for the timelines of all pages: span, topics, losses and log lines. A recording is read through once; of
 * a ring, only what came since the last call.
 */
export class Timeline {
  readonly #past: Past
  readonly #marks = new TimelineMarks()
  /** Notes of the last seconds, which are read again because further ones may be of the same time. */
  readonly #recent = new Map<string, number>()
  #readUpTo: number | undefined
  #reading: Promise<void> | undefined
  #message: string | undefined

  constructor(past: Past) {
    this.#past = past
  }

  /** The message to pages, as of the last call of {@link Timeline.refresh}. */
  get message(): string {
    this.#message ??= JSON.stringify(this.#describe())
    return this.#message
  }

  /**
   * Reads what has come since. Calls while one is at work join it.
   *
   * @throws When the history cannot be read.
   */
  refresh(): Promise<void> {
    // What is whole does not change.
    if (!this.#past.isLive && this.#readUpTo !== undefined) return this.#reading ?? Promise.resolve()
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined
      this.#message = undefined
    })
    return this.#reading
  }

  async #read(): Promise<void> {
    const { history } = this.#past
    const { from, to } = history
    if (from === undefined || to === undefined) return
    const isFirst = this.#readUpTo === undefined
    this.#marks.fit(from, to)
    const since = isFirst ? undefined : Math.max((this.#readUpTo as number) - LATE_SECONDS, from)
    this.#readUpTo = to
    for await (const { topic, epoch, first, count, time } of history.losses({ from: since }))
      if (this.#isNew(`${topic} ${epoch} ${first}`, time)) this.#marks.addLoss(time, count)
    for await (const { time, line } of history.lines({ from: since }))
      if (this.#isNew(line, time)) this.#marks.addLine(time)
    for (const [note, time] of this.#recent) if (time < to - 2 * LATE_SECONDS) this.#recent.delete(note)
  }

  #isNew(note: string, time: number): boolean {
    const key = `${time} ${note}`
    if (this.#recent.has(key)) return false
    this.#recent.set(key, time)
    const [oldest] = this.#recent.keys()
    if (this.#recent.size > MOST_RECENT && oldest !== undefined) this.#recent.delete(oldest)
    return true
  }

  #describe(): TimelineMessage {
    const { history, isLive, formats = [] } = this.#past
    const { from = null, to = null } = history
    const topics = history.topics().flatMap(({ topic }) => {
      const kind = parseTopic(topic)?.kind
      return kind === undefined ? [] : [{ topic, kind }]
    })
    const { stretchSeconds, losses, lines } = this.#marks
    return {
      type: 'timeline',
      isLive,
      formats,
      from,
      to,
      topics: topics.slice(0, MOST_TOPICS),
      stretchSeconds,
      losses,
      lines,
    }
  }
}
