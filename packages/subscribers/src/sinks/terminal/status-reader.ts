import type { Frame, LatencySummary, StatisticsWindow } from '@zcast/shared'
import type { SinkContext } from '../sink.ts'
import { statusParts, type StatusPart } from './status-line.ts'

/** The time for which a notice is shown. */
const NOTICE_MS = 10_000

/**
 * Collects the figures of the status line: those of the last second, and what this sink itself drew or could not draw.
 */
export class StatusReader {
  readonly #title: string
  readonly #context: SinkContext
  readonly #window: StatisticsWindow
  readonly #deliveredBefore: number
  #taken = 0
  #drawnInSecond = 0
  #undecodable = 0
  #sinceMs = performance.now()
  #framesPerSecond: number | undefined
  #latency: LatencySummary | null = null
  #notice: { readonly text: string; readonly sinceMs: number } | undefined

  constructor(title: string, context: SinkContext) {
    this.#title = title
    this.#context = context
    this.#window = context.statistics.openWindow()
    this.#deliveredBefore = context.statistics.counts().delivered
  }

  /** Counts a picture that was passed to the sink. */
  recordTaken(): void {
    this.#taken += 1
  }

  /** Counts a picture that the terminal has shown. */
  recordDrawn(): void {
    this.#drawnInSecond += 1
  }

  /** Counts a picture that could not be decoded. */
  recordUndecodable(): void {
    this.#undecodable += 1
  }

  /** Shows a sentence about a failure for the next 10 s. */
  tell(text: string): void {
    this.#notice = { text, sinceMs: performance.now() }
  }

  /** Computes the figures since the last call; to be called each second. */
  endSecond(): void {
    const nowMs = performance.now()
    this.#framesPerSecond = (this.#drawnInSecond / (nowMs - this.#sinceMs)) * 1000
    this.#latency = this.#window.read().latency
    this.#drawnInSecond = 0
    this.#sinceMs = nowMs
    if (this.#notice && nowMs - this.#notice.sinceMs > NOTICE_MS) this.#notice = undefined
  }

  /** The parts of the status line now. @param newest - The picture that is shown. */
  parts(newest: Frame | undefined): StatusPart[] {
    const { statistics } = this.#context
    const notDrawn = statistics.counts().delivered - this.#deliveredBefore - this.#taken
    const reading = {
      title: this.#title,
      state: this.#context.state(),
      framesPerSecond: this.#framesPerSecond,
      latency: this.#latency,
      notDrawn: Math.max(0, notDrawn),
      undecodable: this.#undecodable,
      picture: newest,
      notice: this.#notice?.text,
    }
    return statusParts(reading, statistics)
  }

  /** Stops collecting. */
  close(): void {
    this.#window.close()
  }
}
