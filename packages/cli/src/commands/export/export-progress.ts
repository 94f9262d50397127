import type { CommandContext } from '../../command-context.ts'

/** What is done sooner needs no progress. */
const QUIET_MS = 2000
const TERMINAL_MS = 500
const LINES_MS = 10_000
const CLEAR_LINE = '\r\u001B[K'

/** Says on stderr how far a long export is: on a line that goes away, or now and then. */
export class ExportProgress {
  readonly #context: CommandContext
  readonly #path: string
  readonly #startedMs = performance.now()
  #nextMs = this.#startedMs + QUIET_MS
  #isShown = false

  constructor(context: CommandContext, path: string) {
    this.#context = context
    this.#path = path
  }

  /** @param share - 0 to 1. */
  tell(share: number): void {
    const nowMs = performance.now()
    if (nowMs < this.#nextMs || this.#context.quiet) return
    const text = `${this.#path}: ${Math.floor(share * 100)} % (${Math.round((nowMs - this.#startedMs) / 1000)} s)`
    // A terminal that shows the values themselves has no room for it.
    const isLive = process.stderr.isTTY && !('isTTY' in this.#context.output && this.#context.output.isTTY)
    this.#isShown ||= isLive
    if (isLive) process.stderr.write(`${CLEAR_LINE}${text}`)
    else this.#context.status(text)
    this.#nextMs = nowMs + (isLive ? TERMINAL_MS : LINES_MS)
  }

  /** Removes the line. */
  end(): void {
    if (this.#isShown) process.stderr.write(CLEAR_LINE)
  }
}
