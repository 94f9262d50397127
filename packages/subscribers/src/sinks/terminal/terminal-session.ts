import { SinkError } from '@zcast/shared'
import { DELETE_PICTURES } from './kitty-graphics.ts'
import { setBlocking, type TerminalInput, type TerminalOutput } from './terminal-streams.ts'
import { writeNow } from './write-now.ts'

/** Options of {@link TerminalSession}. */
export interface TerminalSessionOptions {
  readonly output: TerminalOutput
  readonly input: TerminalInput
  /** Of the terminal's window; without control characters. */
  readonly title: string
  /** A terminal that understands no escape sequences: only its keyboard is touched. */
  readonly plain: boolean
  /** Called with what was typed, and with the terminal's answers. */
  readonly onInput: (text: string) => void
  /** Called when the terminal is gone and the process does not end by that, because somebody handles SIGHUP. */
  readonly onHangUp: () => void
}

// A sequence that was cut off is ended first; then: no synchronised update, no pictures, plain colours, wrapping,
// cursor, the former window title, the former screen.
const RESTORE = `\x1b\\\x1b[?2026l${DELETE_PICTURES}\x1b[0m\x1b[?7h\x1b[?25h\x1b[23;2t\x1b[?1049l`
const FATAL_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const
const DRAIN_MS = 1000

/**
 * A terminal taken over for a while: alternate screen, hidden cursor, raw keyboard. It is put back by
 * {@link TerminalSession.leave}, when the process exits for whatever reason it can notice, and on signals that
 * would end it.
 */
export class TerminalSession {
  readonly #options: TerminalSessionOptions
  readonly #enter: string
  #entered = false
  #wasRaw = false
  #isGone = false
  #writing: Promise<void> = Promise.resolve()

  constructor(options: TerminalSessionOptions) {
    this.#options = options
    this.#enter = `\x1b[?1049h\x1b[22;2t\x1b]2;${options.title}\x1b\\\x1b[?25l\x1b[?7l\x1b[0m\x1b[2J`
  }

  /** Whether the terminal is taken over now. */
  get entered(): boolean {
    return this.#entered
  }

  /** Takes the terminal over. Does nothing when it is already. */
  enter(): void {
    if (this.#entered) return
    this.#entered = true
    const { output, input } = this.#options
    process.on('exit', this.leave)
    // First in line: a listener added by `once` is gone when its turn is over, and would not be counted any more.
    for (const signal of FATAL_SIGNALS) process.prependListener(signal, this.#endBySignal)
    output.on('error', ignore)
    setBlocking(output, false)
    if (!this.#options.plain) writeNow(output, this.#enter)
    if (!input.isTTY) return
    this.#wasRaw = input.isRaw ?? false
    input.setRawMode?.(true)
    input.on('data', this.#read)
    input.on('end', this.#hangUp)
    input.on('error', this.#hangUp)
    input.resume()
  }

  /** Puts the terminal back as it was, before it returns. Does nothing when it is already. */
  readonly leave = (): void => {
    if (!this.#entered) return
    this.#entered = false
    const { output, input } = this.#options
    process.off('exit', this.leave)
    for (const signal of FATAL_SIGNALS) process.off(signal, this.#endBySignal)
    if (!this.#options.plain) writeNow(output, RESTORE)
    setBlocking(output, true)
    if (!input.isTTY) return
    input.off('data', this.#read)
    input.off('end', this.#hangUp)
    try {
      input.setRawMode?.(this.#wasRaw)
    } catch {
      // The terminal is gone, and its modes with it.
    }
    input.pause()
  }

  /**
   * Writes, and resolves when the terminal has taken it all; one write at a time.
   *
   * @throws {@link SinkError} `ERR_SINK` when the terminal is gone.
   */
  write(bytes: Uint8Array): Promise<void> {
    this.#writing = new Promise((resolve, reject) => {
      this.#options.output.write(bytes, (error) => {
        if (!error) return resolve()
        this.#hangUp()
        reject(new SinkError(`the terminal cannot be written to: ${error.message}`, { cause: error }))
      })
    })
    return this.#writing
  }

  /** Waits until what was written last is out, a second at most, and puts the terminal back. */
  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const tooLong = new Promise<void>((resolve) => (timer = setTimeout(resolve, DRAIN_MS)))
    await Promise.race([this.#writing.catch(ignore), tooLong])
    clearTimeout(timer)
    this.leave()
    // What else is written to a terminal that is gone, such as a summary, must not end the process by an error.
    if (this.#isGone) return
    this.#options.output.off('error', ignore)
    this.#options.input.off('error', this.#hangUp)
  }

  readonly #read = (data: unknown): void => {
    this.#options.onInput(
      typeof data === 'string' ? data : Buffer.from(data as Uint8Array).toString('latin1'),
    )
  }

  /**
   * The terminal was closed. Its signal may come after this or before; either way the process ends by it, unless
   * somebody handles it. (Node's own exit aborts on a terminal that is gone.)
   */
  readonly #hangUp = (): void => {
    if (this.#isGone) return
    this.#isGone = true
    const isOwnTerminal = this.#options.output.fd !== undefined && process.platform !== 'win32'
    if (isOwnTerminal && this.#entered) this.#endBySignal('SIGHUP')
    this.#options.onHangUp()
  }

  /** Whoever else listens for the signal ends in good order and closes the sink; alone, its own meaning is kept. */
  readonly #endBySignal = (signal: NodeJS.Signals): void => {
    if (process.listenerCount(signal) > 1) return
    this.leave()
    process.kill(process.pid, signal)
  }
}

function ignore(): void {}
