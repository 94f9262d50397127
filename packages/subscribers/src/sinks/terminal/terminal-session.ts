import { SinkError } from '@zcast/shared'
import { DELETE_PICTURES } from './kitty-graphics.ts'
import { setBlocking, type TerminalInput, type TerminalOutput } from './terminal-streams.ts'
import { writeNow } from './write-now.ts'

/** Options of {@link TerminalSession}. */
export interface TerminalSessionOptions {
  readonly output: TerminalOutput
  readonly input: TerminalInput
  /** The title of the terminal's window; without control characters. */
  readonly title: string
  /** True for a terminal that understands no escape sequences: only its keyboard mode is changed. */
  readonly plain: boolean
  /** Called with typed text, and with the terminal's answers. */
  readonly onInput: (text: string) => void
  /** Called when the terminal is gone but the process does not end, because it handles SIGHUP. */
  readonly onHangUp: () => void
}

// A sequence that was cut off is ended first; then: no synchronised update, no pictures, default colours, wrapping,
// cursor, the previous window title, the previous screen.
const RESTORE = `\x1b\\\x1b[?2026l${DELETE_PICTURES}\x1b[0m\x1b[?7h\x1b[?25h\x1b[23;2t\x1b[?1049l`
const FATAL_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const
const DRAIN_MS = 1000

/**
 * A terminal taken over for a while: alternate screen, hidden cursor, raw keyboard. It is restored by
 * {@link TerminalSession.leave}, when the process exits for any reason it can notice, and on signals that would end it.
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

  /** True while the terminal is taken over. */
  get entered(): boolean {
    return this.#entered
  }

  /** Takes over the terminal. Does nothing when it already has. */
  enter(): void {
    if (this.#entered) return
    this.#entered = true
    const { output, input } = this.#options
    process.on('exit', this.leave)
    // First in line: a listener added by `once` is removed when its turn is over, and would no longer be counted.
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

  /** Restores the terminal before it returns. Does nothing when it already has. */
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
   * Writes, and resolves when the terminal has accepted everything; one write at a time.
   *
   * @throws {@link SinkError} `ERR_SINK` when the terminal is gone.
   */
  write(bytes: Uint8Array): Promise<void> {
    this.#writing = new Promise((resolve, reject) => {
      this.#options.output.write(bytes, (error) => {
        if (!error) return resolve()
        this.#hangUp()
        reject(new SinkError(`cannot write to the terminal: ${error.message}`, { cause: error }))
      })
    })
    return this.#writing
  }

  /** Waits until the last write is out, at most a second, and restores the terminal. */
  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const tooLong = new Promise<void>((resolve) => (timer = setTimeout(resolve, DRAIN_MS)))
    await Promise.race([this.#writing.catch(ignore), tooLong])
    clearTimeout(timer)
    this.leave()
    // Other output to a terminal that is gone, such as a summary, must not end the process with an error.
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
   * The terminal was closed. Its signal may come after this or before; either way it ends the process, unless the
   * process handles it. (Node's own exit aborts on a terminal that is gone.)
   */
  readonly #hangUp = (): void => {
    if (this.#isGone) return
    this.#isGone = true
    const isOwnTerminal = this.#options.output.fd !== undefined && process.platform !== 'win32'
    if (isOwnTerminal && this.#entered) this.#endBySignal('SIGHUP')
    this.#options.onHangUp()
  }

  /**
   * Other listeners to the signal shut down cleanly and close the sink; without any, the signal keeps its own meaning.
   */
  readonly #endBySignal = (signal: NodeJS.Signals): void => {
    if (process.listenerCount(signal) > 1) return
    this.leave()
    process.kill(process.pid, signal)
  }
}

function ignore(): void {}
