import { Buffer } from 'node:buffer'
import { sizeOf, type TerminalOutput, type TerminalSession } from '@zcast/subscribers/terminal'
import type { ChatScreenRows } from './chat-view.ts'

/** What comes in quick succession is painted once. */
const GATHER_MS = 15

/** Paints a screen: only rows that differ, one paint at a time, however slow the terminal is. */
export class ChatPainter {
  readonly #session: TerminalSession
  readonly #output: TerminalOutput
  readonly #layOut: (size: { readonly columns: number; readonly rows: number }) => ChatScreenRows
  #shown: readonly string[] = []
  #timer: NodeJS.Timeout | undefined
  #isPainting = false
  #isDue = false

  constructor(
    session: TerminalSession,
    output: TerminalOutput,
    layOut: (size: { readonly columns: number; readonly rows: number }) => ChatScreenRows,
  ) {
    this.#session = session
    this.#output = output
    this.#layOut = layOut
  }

  /** Something has changed. */
  update(): void {
    this.#timer ??= setTimeout(() => void this.#paint(), GATHER_MS)
  }

  /** Paints everything anew: the terminal has another size, or something else has written on it. */
  repaint(): void {
    this.#shown = []
    this.update()
  }

  /** Paints no more. */
  stop(): void {
    clearTimeout(this.#timer)
    this.#isDue = false
    this.#isPainting = true
  }

  async #paint(): Promise<void> {
    this.#timer = undefined
    if (this.#isPainting) {
      this.#isDue = true
      return
    }
    this.#isPainting = true
    this.#isDue = false
    const { rows, cursor } = this.#layOut(sizeOf(this.#output))
    const isAnew = this.#shown.length !== rows.length
    const changed = rows.flatMap((row, index) =>
      isAnew || row !== this.#shown[index] ? `\x1b[${index + 1};1H\x1b[0m\x1b[K${row}` : [],
    )
    this.#shown = rows
    const text = `\x1b[?2026h\x1b[?25l${isAnew ? '\x1b[0m\x1b[2J' : ''}${changed.join('')}\x1b[0m\x1b[${cursor.row + 1};${cursor.column + 1}H\x1b[?25h\x1b[?2026l`
    try {
      await this.#session.write(Buffer.from(text))
      this.#isPainting = false
    } catch {
      // The terminal is gone, and the session has said so.
      return
    }
    if (this.#isDue) this.update()
  }
}
