import { excerpt } from './line-excerpt.ts'

/** What a comma is for in a stream: it stands between numbers, before decimals, or between groups of thousands. */
export type CommaRole = 'separator' | 'decimal' | 'group'

/** After so many lines that can be read in two ways, with none that settles it, that is said. */
const LINES_IN_DOUBT = 10

/** Lines that can be read in two ways and were read in the likelier one, until a further line settles it. */
export class LineDoubt {
  #lines = 0
  #isSaid = false
  #text = ''
  #role: CommaRole = 'separator'

  /** Whether it was said already; further lines need not be looked at. */
  get isSaid(): boolean {
    return this.#isSaid
  }

  /** Remembers a line, and the role that its commas were taken to have. */
  add(text: string, role: CommaRole): void {
    // With decimals behind it, `1,234.5` looks so much like one number that its reading is worth a word at once.
    this.#lines += text.includes('.') ? LINES_IN_DOUBT : 1
    this.#text = text
    this.#role = role
  }

  /** A further line can be read in one way only. Lines that were read in another are worth a word at once. */
  settle(role: CommaRole): void {
    this.#lines = this.#lines > 0 && this.#role !== role ? LINES_IN_DOUBT : 0
  }

  /** The sentence to say, once: after enough lines, or at the end of all. */
  take(isEnd: boolean): string | undefined {
    if (this.#isSaid || this.#lines < (isEnd ? 1 : LINES_IN_DOUBT)) return undefined
    this.#isSaid = true
    const text = excerpt(this.#text)
    return this.#role === 'separator'
      ? `${text} is read as numbers between commas: if its commas are decimal signs or group thousands, write points and no groups`
      : `the commas in ${text} are read as decimal signs: if they group thousands, leave them out`
  }
}
