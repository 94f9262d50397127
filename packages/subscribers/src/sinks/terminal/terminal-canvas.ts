import { EscapeWriter } from './escape-writer.ts'
import { DELETE_PICTURES, KittyGraphics } from './kitty-graphics.ts'
import { drawAscii, drawHalfBlocks } from './picture-cells.ts'
import { fitPicture, USUAL_CELL_ASPECT, type Box } from './picture-layout.ts'
import { paintChanges, Screen, type ColourDepth } from './screen.ts'
import { drawNotice, drawStatus } from './status-cells.ts'
import type { StatusPart } from './status-line.ts'
import type { TerminalMode } from './terminal-mode.ts'

const BEGIN_UPDATE = '\x1b[?2026h'
const END_UPDATE = '\x1b[?2026l'

/** A size in pixels. */
export interface PixelSize {
  readonly width: number
  readonly height: number
}

/** The position of a picture, and the size in which to decode it. */
export interface PicturePlan {
  readonly box: Box
  readonly pixels: PixelSize
}

/**
 * The content of a terminal: a picture over all rows but the last, which is the status line. Drawing changes nothing on
 * the terminal; {@link TerminalCanvas.changes} returns the bytes that do.
 */
export class TerminalCanvas {
  readonly #mode: TerminalMode
  readonly #cellAspect: number
  readonly #writer = new EscapeWriter()
  readonly #kitty = new KittyGraphics()
  #shown: Screen
  #next: Screen

  constructor(mode: TerminalMode, size: { columns: number; rows: number }, cellAspect = USUAL_CELL_ASPECT) {
    this.#mode = mode
    this.#cellAspect = cellAspect
    this.#shown = new Screen(size.columns, size.rows)
    this.#next = new Screen(size.columns, size.rows)
    this.repaint()
  }

  /** The plan for a picture of a size. */
  plan(picture: PixelSize): PicturePlan {
    const area = { columns: this.#next.columns, rows: this.#pictureRows }
    const box = fitPicture(picture, area, this.#cellAspect)
    if (this.#mode === 'kitty') return { box, pixels: this.#kitty.pixels(picture) }
    const isText = this.#depth === 'none'
    return { box, pixels: { width: box.columns, height: isText ? box.rows : box.rows * 2 } }
  }

  /** @param rgb - 8 bits each, row-major, of the size in the plan. */
  drawPicture(rgb: Uint8Array, { box, pixels }: PicturePlan): void {
    this.#next.clear()
    if (this.#mode === 'kitty') this.#kitty.draw(this.#begin(), rgb, pixels, box)
    else if (this.#depth === 'none') drawAscii(this.#next, rgb, box)
    else drawHalfBlocks(this.#next, rgb, box, this.#depth)
  }

  /** Draws a line of text in place of the picture. */
  drawNotice(text: string): void {
    this.#next.clear()
    drawNotice(this.#next, this.#pictureRows, text, this.#depth)
  }

  /** Draws the last row. A terminal with one row has none. */
  drawStatus(parts: readonly StatusPart[]): void {
    if (this.#next.rows > 1) drawStatus(this.#next, this.#next.rows - 1, parts, this.#depth)
  }

  /** Forgets what the terminal shows. */
  repaint(): void {
    this.#shown.invalidate()
  }

  /** Clears the terminal; the next changes paint everything. */
  wipe(): void {
    this.#begin().ascii(`${this.#mode === 'kitty' ? DELETE_PICTURES : ''}\x1b[0m\x1b[2J`)
    this.repaint()
  }

  /** The bytes that make the terminal show what was drawn; a view that is valid until something is drawn again. */
  changes(): Uint8Array {
    if (this.#mode === 'plain') return this.#lines()
    const writer = this.#begin()
    paintChanges(writer, this.#shown, this.#next, this.#depth)
    const isEmpty = writer.length === BEGIN_UPDATE.length
    if (!isEmpty) writer.ascii(END_UPDATE)
    return isEmpty ? writer.take().subarray(0, 0) : writer.take()
  }

  /** Returns the writer, with a synchronised update started: the terminal shows all of it at once. */
  #begin(): EscapeWriter {
    if (this.#writer.length === 0) this.#writer.ascii(BEGIN_UPDATE)
    return this.#writer
  }

  get #depth(): ColourDepth {
    if (this.#mode === 'kitty') return 'truecolor'
    return this.#mode === 'ascii' || this.#mode === 'plain' ? 'none' : this.#mode
  }

  get #pictureRows(): number {
    return Math.max(1, this.#next.rows - 1)
  }

  #lines(): Uint8Array {
    for (let row = 0; row < this.#next.rows; row++) {
      const start = row * this.#next.columns
      const line = String.fromCodePoint(...this.#next.glyphs.subarray(start, start + this.#next.columns))
      this.#writer.ascii(`${line.trimEnd()}\n`)
    }
    return this.#writer.take()
  }
}
