const INITIAL_BYTES = 64 * 1024
const DIGITS = Array.from({ length: 1000 }, (_, value) => String(value))

/**
 * Bytes for a terminal, appended to one reused buffer: a full screen is up to 300 kB, thirty times a second, and
 * strings of that size would keep the garbage collector busy.
 */
export class EscapeWriter {
  #bytes = Buffer.allocUnsafe(INITIAL_BYTES)
  #length = 0

  /** Bytes appended since the last {@link EscapeWriter.take}. */
  get length(): number {
    return this.#length
  }

  /** Appends ASCII text. */
  ascii(text: string): void {
    this.#reserve(text.length)
    // Below about 64 characters a loop is faster than the call into native code.
    if (text.length > 64) this.#bytes.write(text, this.#length, 'latin1')
    else for (let i = 0; i < text.length; i++) this.#bytes[this.#length + i] = text.charCodeAt(i)
    this.#length += text.length
  }

  /** Appends an integer of 0 or more in decimal. */
  number(value: number): void {
    this.ascii(DIGITS[value] ?? String(value))
  }

  /** Appends one character in UTF-8. */
  glyph(codePoint: number): void {
    if (codePoint < 0x80) {
      this.#reserve(1)
      this.#bytes[this.#length++] = codePoint
      return
    }
    this.#reserve(4)
    this.#length += this.#bytes.write(String.fromCodePoint(codePoint), this.#length, 'utf8')
  }

  /** Moves the cursor. Both count from 0. */
  moveTo(column: number, row: number): void {
    this.ascii('\x1b[')
    this.number(row + 1)
    this.ascii(';')
    this.number(column + 1)
    this.ascii('H')
  }

  /** Returns what was appended; a view that is valid until the next append. */
  take(): Uint8Array {
    const bytes = this.#bytes.subarray(0, this.#length)
    this.#length = 0
    return bytes
  }

  #reserve(extra: number): void {
    if (this.#length + extra <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + extra))
    this.#bytes.copy(larger, 0, 0, this.#length)
    this.#bytes = larger
  }
}
