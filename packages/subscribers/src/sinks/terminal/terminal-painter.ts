import { setTimeout as delay } from 'node:timers/promises'
import type { Frame } from '@zcast/shared'
import { systemErrorCode } from '@zcast/shared/internal'
import { StatusReader } from './status-reader.ts'
import type { SinkContext } from '../sink.ts'
import { TerminalCanvas, type PixelSize } from './terminal-canvas.ts'
import type { TerminalMode } from './terminal-mode.ts'
import type { TerminalSession } from './terminal-session.ts'
import { sizeOf, type TerminalOutput } from './terminal-streams.ts'

/** Decodes a JPEG to RGB of exactly the given size. */
export type DecodeToSize = (jpeg: Uint8Array, size: PixelSize) => Promise<Uint8Array>

/** Options of {@link TerminalPainter}. */
export interface TerminalPainterOptions {
  readonly session: TerminalSession
  readonly output: TerminalOutput
  readonly mode: TerminalMode
  /** A cell's width divided by its height; `undefined` for the default. */
  readonly cellAspect: number | undefined
  readonly title: string
  readonly context: SinkContext
  readonly decode: DecodeToSize
}

const SECOND_MS = 1000
/** Repairs what another program, or a log line, wrote over the picture. */
const REPAINT_EVERY_SECONDS = 5

/**
 * Paints pictures and the status line, one painting at a time, whatever triggers it: a picture, a second, a new size.
 */
export class TerminalPainter {
  readonly #options: TerminalPainterOptions
  readonly #status: StatusReader
  readonly #stopped = new AbortController()
  readonly #timer: NodeJS.Timeout | undefined
  #canvas: TerminalCanvas
  #size: { columns: number; rows: number }
  #newest: Frame | undefined
  #drawn: Frame | undefined
  #turn: Promise<void> = Promise.resolve()
  #waiting = 0
  #seconds = 0

  /** Starts with the status line, and a note that there is no picture yet. */
  constructor(options: TerminalPainterOptions) {
    this.#options = options
    this.#status = new StatusReader(options.title, options.context)
    this.#size = sizeOf(options.output)
    this.#canvas = new TerminalCanvas(options.mode, this.#size, options.cellAspect)
    options.output.on('resize', this.#refresh)
    // Without cursor movement, each refresh would be another screen of lines.
    if (options.mode !== 'plain') this.#timer = setInterval(() => this.#endSecond(), SECOND_MS)
    this.#timer?.unref()
    this.#refresh()
  }

  /**
   * Shows a picture. Resolves when the terminal has accepted it. @throws {@link SinkError} when the terminal is gone.
   */
  async show(frame: Frame): Promise<void> {
    this.#status.recordTaken()
    this.#newest = frame
    await this.#paint()
    this.#status.recordDrawn()
    if (this.#options.mode !== 'plain') return
    this.#status.endSecond()
    await delay(SECOND_MS, undefined, { signal: this.#stopped.signal, ref: false }).catch(() => {})
  }

  /** Shows a sentence about a failure in the status line for a while. */
  tell(text: string): void {
    this.#status.tell(text)
    this.#refresh()
  }

  /** Repaints everything. */
  repaint(): void {
    this.#canvas.wipe()
    this.#drawn = undefined
    this.#refresh()
  }

  /** Stops painting; resolves when nothing is being decoded any more. */
  async stop(): Promise<void> {
    this.#stopped.abort()
    clearInterval(this.#timer)
    this.#options.output.off('resize', this.#refresh)
    this.#status.close()
    await this.#turn
  }

  /** Paints what has changed, unless a painting that will do so is already waiting. */
  readonly #refresh = (): void => {
    // The loss of the terminal is reported to the caller that shows the next picture; the end of the keyboard input has
    // reported it before.
    if (this.#waiting === 0) this.#paint().catch(() => {})
  }

  #endSecond(): void {
    this.#status.endSecond()
    this.#seconds += 1
    if (this.#seconds % REPAINT_EVERY_SECONDS === 0) this.#canvas.repaint()
    this.#refresh()
  }

  #paint(): Promise<void> {
    this.#waiting += 1
    const painting = this.#turn.then(() => {
      this.#waiting -= 1
      return this.#paintNow()
    })
    this.#turn = painting.catch(() => {})
    return painting
  }

  async #paintNow(): Promise<void> {
    this.#followSize()
    const frame = this.#newest
    if (!frame) this.#canvas.drawNotice('waiting for a picture')
    else if (frame !== this.#drawn) await this.#drawPicture(frame)
    const { session } = this.#options
    if (this.#stopped.signal.aborted || !session.entered) return
    this.#canvas.drawStatus(this.#status.parts(frame))
    const changes = this.#canvas.changes()
    if (changes.length > 0) await session.write(changes)
  }

  async #drawPicture(frame: Frame): Promise<void> {
    this.#drawn = frame
    const plan = this.#canvas.plan(frame)
    try {
      this.#canvas.drawPicture(await this.#options.decode(frame.data, plan.pixels), plan)
    } catch (error) {
      if (systemErrorCode(error) !== 'ERR_FRAME') throw error
      this.#status.recordUndecodable()
    }
  }

  #followSize(): void {
    const { columns, rows } = sizeOf(this.#options.output)
    if (columns === this.#size.columns && rows === this.#size.rows) return
    this.#size = { columns, rows }
    this.#canvas = new TerminalCanvas(this.#options.mode, this.#size, this.#options.cellAspect)
    this.#canvas.wipe()
    this.#drawn = undefined
  }
}
