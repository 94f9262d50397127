import { type Envelope, SinkError } from '@zcast/shared'
import { systemErrorCode } from '@zcast/shared/internal'
import type { Sink, SinkContext } from '../sink.ts'
import { QUESTIONS, TerminalAnswers, type TerminalAnswer } from './ask-terminal.ts'
import { keyAction } from './keys.ts'
import { mayKnowKitty, terminalMode, type TerminalMode } from './terminal-mode.ts'
import { TerminalPainter } from './terminal-painter.ts'
import { TerminalSession } from './terminal-session.ts'
import type { TerminalInput, TerminalOutput } from './terminal-streams.ts'

/** Options of {@link TerminalSink}. */
export interface TerminalSinkOptions {
  /** The text in the status line and the window's title, such as "Client 1". */
  readonly title: string
  /** Called once when the user wants to quit (`q`, Ctrl-C, terminal closed). Default: the process gets SIGINT. */
  readonly onQuit?: (() => void) | undefined
  /** The way to draw. Default: the best that the terminal supports. */
  readonly mode?: TerminalMode | undefined
  /** Default `process.stdout`. */
  readonly output?: TerminalOutput | undefined
  /** Default `process.stdin`. */
  readonly input?: TerminalInput | undefined
  /** The environment from which `TERM`, `COLORTERM`, `NO_COLOR` and others are read. Default `process.env`. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined
  /** The longest wait for the terminal to say what it supports, in milliseconds. Default 300. */
  readonly answerTimeoutMs?: number | undefined
}

const ANSWER_TIMEOUT_MS = 300
const STOP_FAILED_MS = 200

/**
 * Shows video in a terminal, in its size and following its changes, with a status line in the last row. The terminal is
 * restored by `close`, when the process exits, and on signals that would end it.
 *
 * `write` resolves when the terminal has accepted the picture, so a slow terminal makes its viewer skip rather than
 * lag. Blocks that are not pictures are ignored.
 */
export class TerminalSink implements Sink {
  readonly #options: TerminalSinkOptions
  readonly #output: TerminalOutput
  readonly #input: TerminalInput
  readonly #mode: TerminalMode
  readonly #session: TerminalSession
  #answers: TerminalAnswers | undefined
  #painter: TerminalPainter | undefined
  #hasQuit = false

  constructor(options: TerminalSinkOptions) {
    this.#options = options
    this.#output = options.output ?? process.stdout
    this.#input = options.input ?? process.stdin
    this.#mode = options.mode ?? terminalMode(options.environment ?? process.env)
    this.#session = new TerminalSession({
      output: this.#output,
      input: this.#input,
      title: options.title,
      plain: this.#mode === 'plain',
      onInput: (text) => this.#takeInput(text),
      onHangUp: () => this.#quit(),
    })
  }

  /** @throws {@link SinkError} `ERR_SINK` when the output is not a terminal. */
  async open(context: SinkContext): Promise<void> {
    if (!this.#output.isTTY) {
      throw new SinkError(
        'the output is not a terminal: run this in one, or choose --show web or --show none',
      )
    }
    // sharp is loaded only when pictures are shown.
    const { resizeToRgb } = await import('@zcast/media')
    this.#session.enter()
    process.on('SIGCONT', this.#continue)
    const { kitty, cellAspect } = await this.#ask()
    this.#painter = new TerminalPainter({
      session: this.#session,
      output: this.#output,
      mode: this.#options.mode ?? bestMode(this.#mode, kitty),
      cellAspect,
      title: this.#options.title,
      context,
      decode: (jpeg, size) => resizeToRgb(jpeg, { ...size, fit: 'fill' }),
    })
  }

  async write({ block }: Envelope): Promise<void> {
    if (block.kind !== 'video') return
    try {
      await this.#painter?.show(block)
    } catch (error) {
      // Only a terminal that is gone accepts nothing more, and then there is nobody to report it to.
      if (systemErrorCode(error) !== 'ERR_SINK') throw error
      this.#quit()
    }
  }

  /** Shows a sentence about a failure in the status line for 10 s; does nothing before the sink is open. */
  tell(text: string): void {
    this.#painter?.tell(text)
  }

  async close(): Promise<void> {
    process.off('SIGCONT', this.#continue)
    const stopped = this.#painter?.stop()
    await this.#session.close()
    await stopped
  }

  async #ask(): Promise<TerminalAnswer> {
    const environment = this.#options.environment ?? process.env
    if (!this.#input.isTTY || !mayKnowKitty(environment, this.#mode)) {
      return { kitty: undefined, cellAspect: undefined }
    }
    this.#answers = new TerminalAnswers(this.#options.answerTimeoutMs ?? ANSWER_TIMEOUT_MS)
    await this.#session.write(Buffer.from(QUESTIONS))
    return this.#answers.complete
  }

  #takeInput(text: string): void {
    this.#answers?.add(text)
    const action = keyAction(text)
    if (action === 'quit') this.#quit()
    else if (action === 'repaint') this.#painter?.repaint()
    else if (action === 'suspend' && process.platform !== 'win32') this.#suspend()
  }

  #quit(): void {
    if (this.#hasQuit) return
    this.#hasQuit = true
    if (this.#options.onQuit) this.#options.onQuit()
    else process.kill(process.pid, 'SIGINT')
  }

  #suspend(): void {
    this.#session.leave()
    // To the whole group, as the terminal would do: an npm or a shell script around this must stop too.
    process.kill(0, 'SIGTSTP')
    // A group without a shell that could continue it is not stopped.
    setTimeout(() => this.#session.entered || this.#continue(), STOP_FAILED_MS)
  }

  readonly #continue = (): void => {
    this.#session.leave()
    this.#session.enter()
    // A stopped process is not told that its terminal has another size; Node asks for the size on this signal.
    if (process.platform !== 'win32') process.kill(process.pid, 'SIGWINCH')
    this.#painter?.repaint()
  }
}

/** The terminal's answer overrides the environment, unless it did not answer at all. */
function bestMode(guess: TerminalMode, kitty: boolean | undefined): TerminalMode {
  if (kitty === true) return 'kitty'
  return guess === 'kitty' && kitty === false ? 'truecolor' : guess
}
