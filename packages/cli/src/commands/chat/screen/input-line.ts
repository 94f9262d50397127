import { graphemeWidth, splitGraphemes } from './text-width.ts'

/** The longest line that can be typed, in graphemes: the room refuses more than 500 characters. */
const MAX_TYPED = 500
/** Lines of one's own that the arrow keys go back to. */
const MAX_PAST = 50

/** What is visible of the line, and where the cursor stands in it. */
export interface VisibleInput {
  readonly text: string
  readonly cursorColumn: number
}

/** The line that is being typed. */
export class InputLine {
  #graphemes: string[] = []
  #cursor = 0
  readonly #past: string[] = []
  /** The place in the past; behind its end is the line being typed. */
  #place = 0
  #draft = ''

  /** All of it. */
  get text(): string {
    return this.#graphemes.join('')
  }

  /** Adds text at the cursor. */
  insert(text: string): void {
    const before = this.#graphemes.slice(0, this.#cursor).join('') + text
    const after = this.#graphemes.slice(this.#cursor).join('')
    // A mark or a joiner may become a part of the character before it.
    this.#cursor = Math.min(splitGraphemes(before).length, MAX_TYPED)
    this.#graphemes = splitGraphemes(before + after).slice(0, MAX_TYPED)
  }

  /** Removes graphemes from the cursor on, to the left where negative. */
  remove(count: number): void {
    const from = Math.max(Math.min(this.#cursor, this.#cursor + count), 0)
    const to = Math.max(this.#cursor, this.#cursor + count)
    this.#graphemes.splice(from, to - from)
    this.#cursor = from
  }

  /** Removes the word left of the cursor. */
  removeWord(): void {
    const before = this.#graphemes.slice(0, this.#cursor).join('')
    const kept = splitGraphemes(before.replace(/\S+\s*$/u, '')).length
    this.remove(kept - this.#cursor)
  }

  /** Removes everything left of the cursor, or right of it. */
  removeSide(side: 'left' | 'right'): void {
    this.remove(side === 'left' ? -this.#cursor : this.#graphemes.length - this.#cursor)
  }

  /** Moves the cursor by graphemes; infinities are the ends. */
  move(by: number): void {
    this.#cursor = Math.min(Math.max(this.#cursor + by, 0), this.#graphemes.length)
  }

  /** Shows an earlier line of one's own (-1), or a later one (1). */
  recall(by: -1 | 1): void {
    const place = this.#place + by
    if (place < 0 || place > this.#past.length) return
    if (this.#place === this.#past.length) this.#draft = this.text
    this.#place = place
    this.#show(this.#past[place] ?? this.#draft)
  }

  /** Takes the whole line, and begins a new one. */
  take(): string {
    const text = this.text
    if (text.trim() !== '' && text !== this.#past.at(-1)) this.#past.push(text)
    if (this.#past.length > MAX_PAST) this.#past.shift()
    this.#place = this.#past.length
    this.#draft = ''
    this.#show('')
    return text
  }

  /** The part around the cursor that fits. @param columns - At least 3. */
  visible(columns: number): VisibleInput {
    const widths = this.#graphemes.map((grapheme) => graphemeWidth(grapheme))
    const sum = (from: number, to: number): number =>
      widths.slice(from, to).reduce((total, width) => total + width, 0)
    let first = 0
    while (sum(first, this.#cursor) > columns - 2) first += 1
    let last = this.#cursor
    while (last < widths.length && sum(first, last + 1) <= columns) last += 1
    return { text: this.#graphemes.slice(first, last).join(''), cursorColumn: sum(first, this.#cursor) }
  }

  #show(text: string): void {
    this.#graphemes = splitGraphemes(text)
    this.#cursor = this.#graphemes.length
  }
}
