/** A line that was refused. */
export interface RefusedLine {
  /** From 1 on. */
  readonly number: number
  readonly text: string
  /** In a clause. */
  readonly reason: string
}

/** A line that may be a heading, or stand above one. */
export interface HeldLine extends RefusedLine {
  readonly cells: readonly string[]
  /** False where it can only stand above one. */
  readonly mayBeHeading: boolean
  /** True for a comment, which is passed over in silence where it is no heading. */
  readonly isComment?: boolean
}

/** What an instrument writes above its data. */
const MOST_AT_FIRST = 256

/** Further on, only names and their units wait: what is wrong with a live input is said soon. */
const MOST_LATER = 2

/** Lines that are no numbers, until a row below them tells whether they are its heading. */
export class HeldLines {
  #isLive = false
  #lines: HeldLine[] = []

  /** The cells of each line. */
  get cells(): readonly (readonly string[])[] {
    return this.#lines.map(({ cells }) => cells)
  }

  /** True where there is none. */
  get isEmpty(): boolean {
    return this.#lines.length === 0
  }

  /** Adds a line. @returns Those that no longer wait. */
  add(line: HeldLine): readonly RefusedLine[] {
    this.#lines.push(line)
    return this.#release()
  }

  /** What was there at once has been read: what follows may be a long time coming. @returns Those that no longer wait. */
  goLive(): readonly RefusedLine[] {
    this.#isLive = true
    return this.#release()
  }

  /** Takes all out. */
  take(): readonly RefusedLine[] {
    return withoutComments(this.#lines.splice(0))
  }

  #release(): readonly RefusedLine[] {
    const most = this.#isLive ? MOST_LATER : MOST_AT_FIRST
    const last = this.#isLive ? this.#lines.findLastIndex((line) => !line.mayBeHeading) : -1
    return withoutComments(this.#lines.splice(0, Math.max(this.#lines.length - most, last + 1, 0)))
  }
}

function withoutComments(lines: readonly HeldLine[]): readonly HeldLine[] {
  return lines.filter(({ isComment }) => isComment !== true)
}
