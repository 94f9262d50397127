import { randomUUID } from 'node:crypto'

/** The new lines of the log, for a page that has seen some of it. */
export interface NewLines {
  /** Identifies the run of the dashboard that the numbering belongs to. */
  readonly run: string
  /** The number to request next time. */
  readonly next: number
  readonly lines: readonly string[]
}

const MAX_LINES = 200
/** A longer line is cut: the page is an overview, the file holds everything. */
const MAX_LINE_LENGTH = 2000

/** The tail of the error log. */
export class LogLines {
  readonly #run = randomUUID()
  readonly #lines: string[] = []
  #next = 0

  /** Adds a line. */
  add(line: string): void {
    this.#lines.push(line.slice(0, MAX_LINE_LENGTH))
    this.#next += 1
    if (this.#lines.length > MAX_LINES) this.#lines.shift()
  }

  /** The lines from a given one on, as far as they are kept. */
  since(next: number, run: string | null): NewLines {
    const known = run === this.#run ? next : 0
    const missing = Math.min(Math.max(this.#next - known, 0), this.#lines.length)
    return { run: this.#run, next: this.#next, lines: missing === 0 ? [] : this.#lines.slice(-missing) }
  }
}
