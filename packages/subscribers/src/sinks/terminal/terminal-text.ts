import { EscapeWriter } from './escape-writer.ts'
import { keyAction } from './keys.ts'
import { type ColourDepth, paintChanges, Screen } from './screen.ts'
import { drawText } from './status-cells.ts'
import type { StatusPart } from './status-line.ts'
import { type TerminalMode, terminalMode } from './terminal-mode.ts'
import { TerminalSession } from './terminal-session.ts'
import { sizeOf, type TerminalInput, type TerminalOutput } from './terminal-streams.ts'

/** Options of {@link TerminalText}. */
export interface TerminalTextOptions {
  /** The title of the terminal's window; without control characters. */
  readonly title: string
  /** Called when a person quits (`q`, Ctrl-C), or when the terminal is gone. */
  readonly onQuit: () => void
  /** Called with typed text that does not quit. Default: nobody is. */
  readonly onKeys?: ((text: string) => void) | undefined
  /** Default `process.stdout`. */
  readonly output?: TerminalOutput | undefined
  /** Default `process.stdin`. */
  readonly input?: TerminalInput | undefined
  /** Default `process.env`. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined
}

/**
 * Lines of text that take over the terminal and change in place, in its size and following its changes. Only what has
 * changed is written; a terminal that takes nothing misses what was in between. It is restored by `close`, when the
 * process exits, and on signals that would end it.
 */
export class TerminalText {
  readonly #output: TerminalOutput
  readonly #session: TerminalSession
  readonly #depth: ColourDepth
  readonly #writer = new EscapeWriter()
  #shown: Screen
  #lines: readonly StatusPart[] = []
  #isWriting = false

  /** True for an output that can show lines in place. */
  static suits(
    output: TerminalOutput,
    environment: TerminalTextOptions['environment'] = process.env,
  ): boolean {
    return output.isTTY === true && terminalMode(environment) !== 'plain'
  }

  constructor(options: TerminalTextOptions) {
    const { title, onQuit, onKeys, output = process.stdout, input = process.stdin } = options
    this.#output = output
    this.#depth = depthOf(terminalMode(options.environment ?? process.env))
    const { columns, rows } = sizeOf(output)
    this.#shown = new Screen(columns, rows)
    this.#session = new TerminalSession({
      output,
      input,
      title,
      plain: false,
      onInput: (text) => {
        const action = keyAction(text)
        if (action === 'quit') onQuit()
        else if (action === 'repaint') this.#repaint()
        else onKeys?.(text)
      },
      onHangUp: onQuit,
    })
  }

  /** Takes over the terminal. */
  open(): void {
    this.#session.enter()
    this.#shown.invalidate()
    this.#output.on('resize', this.#repaint)
  }

  /** Shows these lines, from the top; those that do not fit are left out. */
  show(lines: readonly StatusPart[]): void {
    this.#lines = lines
    this.#paint()
  }

  /** Restores the terminal. */
  async close(): Promise<void> {
    this.#output.off('resize', this.#repaint)
    await this.#session.close()
  }

  readonly #repaint = (): void => {
    const { columns, rows } = sizeOf(this.#output)
    this.#shown = new Screen(columns, rows)
    this.#shown.invalidate()
    this.#paint()
  }

  #paint(): void {
    if (!this.#session.entered || this.#isWriting) return
    const { columns, rows } = this.#shown
    const next = new Screen(columns, rows)
    for (const [row, line] of this.#lines.slice(0, rows).entries()) drawText(next, row, line, this.#depth)
    paintChanges(this.#writer, this.#shown, next, this.#depth)
    const changes = this.#writer.take()
    if (changes.length === 0) return
    this.#isWriting = true
    // The loss of the terminal is told through onHangUp.
    this.#session
      .write(changes)
      .catch(() => undefined)
      .finally(() => (this.#isWriting = false))
  }
}

function depthOf(mode: TerminalMode): ColourDepth {
  if (mode === 'kitty' || mode === 'truecolor') return 'truecolor'
  return mode === '256' ? '256' : 'none'
}
