import { randomUUID } from 'node:crypto'

/** What is new in the log for a page that has seen some of it. */
export interface NewLines {
  /** Which run of the dashboard the numbering belongs to. */
  readonly run: string
  /** What to ask for next time. */
  readonly next: number
  readonly lines: readonly string[]
}

const MAX_LINES = 200
/** A longer line is cut: the page is for looking, the file holds it all. */
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

  /** The lines from a given one on, of those that are kept. */
  since(next: number, run: string | null): NewLines {
    const known = run === this.#run ? next : 0
    const missing = Math.min(Math.max(this.#next - known, 0), this.#lines.length)
    return { run: this.#run, next: this.#next, lines: missing === 0 ? [] : this.#lines.slice(-missing) }
  }
}
