import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { SinkError } from '@zcast/shared'
import { errorMessage } from '@zcast/shared/internal'
import { childEnvironment } from './child-environment.ts'
import { KEPT_LINE_LENGTH, LastLines } from './last-lines.ts'
import type { ProcessExit } from './process-exit.ts'

/**
 * A program that is fed through its standard input, without a shell. It has a process group of its own: Ctrl-C in the
 * terminal is handled by this process, and must not end a recorder before its file is complete. When this process is
 * killed, the end of its input ends the program.
 */
export class FedProcess {
  readonly #child: ChildProcess
  readonly #lastLines = new LastLines()
  #rest = ''
  /** Resolves when the process has exited and its output has been read to the end; never rejects. */
  readonly exited: Promise<ProcessExit>

  private constructor(child: ChildProcess) {
    this.#child = child
    // The exit of the reader shows in `exited`; the broken pipe adds nothing.
    child.stdin?.on('error', () => {})
    child.on('error', () => {})
    child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#readLines(text))
    this.exited = new Promise((resolve) =>
      child.once('close', (code, signal) => {
        this.#readLines('\n')
        resolve({ code, signal, lastLines: this.#lastLines.lines })
      }),
    )
  }

  /**
   * Starts a program.
   *
   * @param variables - Added to its environment. Default none.
   * @throws {@link SinkError} `ERR_SINK` when it cannot be started.
   */
  static async start(
    path: string,
    args: readonly string[],
    variables: Readonly<Record<string, string>> = {},
  ): Promise<FedProcess> {
    const child = spawn(path, args, {
      env: childEnvironment(variables),
      stdio: ['pipe', 'ignore', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    })
    const fed = new FedProcess(child)
    try {
      await once(child, 'spawn')
      return fed
    } catch (error) {
      throw new SinkError(`cannot start ${path}: ${errorMessage(error)}`, { cause: error })
    }
  }

  /** The pid. */
  get pid(): number {
    return this.#child.pid as number
  }

  /** Writes bytes; resolves when the pipe has accepted them all, or when the process has exited. */
  async feed(...chunks: readonly Uint8Array[]): Promise<void> {
    const stdin = this.#child.stdin
    if (!stdin?.writable) return void (await this.exited)
    await new Promise<void>((resolve) => {
      stdin.cork()
      for (const [index, chunk] of chunks.entries()) {
        stdin.write(chunk, index === chunks.length - 1 ? () => resolve() : undefined)
      }
      stdin.uncork()
    })
  }

  /**
   * Ends its input and waits until it exits, without a limit by default.
   *
   * @param killAfterMs - SIGKILL after this time.
   */
  async end(killAfterMs?: number): Promise<ProcessExit> {
    this.#child.stdin?.end()
    const timer =
      killAfterMs === undefined ? undefined : setTimeout(() => this.#child.kill('SIGKILL'), killAfterMs)
    const exit = await this.exited
    clearTimeout(timer)
    return exit
  }

  /** Ends it at once: SIGTERM, and SIGKILL a second later. Resolves when it has exited. */
  async kill(): Promise<ProcessExit> {
    this.#child.stdin?.destroy()
    this.#child.kill('SIGTERM')
    return this.end(1000)
  }

  #readLines(text: string): void {
    const lines = (this.#rest + text).split(/[\r\n]+/)
    this.#rest = (lines.pop() as string).slice(-KEPT_LINE_LENGTH)
    for (const line of lines) this.#lastLines.add(line)
  }
}
