/** How many are kept. */
export const KEPT_LINES = 12
/** What is kept of a line. */
export const KEPT_LINE_LENGTH = 300

/** The last lines that a program said, bounded; empty lines are left out. */
export class LastLines {
  /** The oldest first; the same array all the time. */
  readonly lines: string[] = []

  /** Takes a whole line. */
  add(line: string): void {
    if (line.trim() === '') return
    this.lines.push(line.slice(0, KEPT_LINE_LENGTH))
    if (this.lines.length > KEPT_LINES) this.lines.shift()
  }
}
