/** The number of lines kept. */
export const KEPT_LINES = 12
/** The number of characters kept of each line. */
export const KEPT_LINE_LENGTH = 300

/** The last lines that a program printed, bounded; empty lines are left out. */
export class LastLines {
  /** The lines, oldest first; always the same array. */
  readonly lines: string[] = []

  /** Adds a complete line. */
  add(line: string): void {
    if (line.trim() === '') return
    this.lines.push(line.slice(0, KEPT_LINE_LENGTH))
    if (this.lines.length > KEPT_LINES) this.lines.shift()
  }
}
