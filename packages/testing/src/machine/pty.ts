import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { TerminalEmulator } from './terminal-emulator.ts'

/** The result of a program in a pseudo-terminal. */
export interface PtyExit {
  readonly code: number | null
  readonly signal: number | null
  /** True when the terminal's modes are the same as before. */
  readonly restored: boolean
}

/** The reason why there are no pseudo-terminals here; `undefined` when there are. */
export function whyNoPty(): string | undefined {
  const { status } = spawnSync('python3', ['-c', 'import fcntl, os, termios; os.openpty()'])
  return status === 0 ? undefined : 'there is no python3 with a pseudo-terminal to run the viewer in'
}

/** A program in a pseudo-terminal, whose output an emulator reads. */
export class Pty {
  readonly emulator: TerminalEmulator
  readonly exited: Promise<PtyExit>
  /** Everything that was written. */
  written = ''
  readonly #driver: ChildProcess
  readonly #watchers = new Set<() => void>()

  constructor(
    size: { columns: number; rows: number },
    program: readonly string[],
    environment: Readonly<Record<string, string>>,
  ) {
    this.emulator = new TerminalEmulator(size.columns, size.rows)
    this.emulator.answer = (text) => this.#tell({ input: text })
    const driver = fileURLToPath(new URL('pty-driver.py', import.meta.url))
    const {
      NO_COLOR: _1,
      COLORTERM: _2,
      KITTY_WINDOW_ID: _3,
      TMUX: _4,
      TERM_PROGRAM: _5,
      ...inherited
    } = process.env
    this.#driver = spawn('python3', [driver, `${size.columns}`, `${size.rows}`, ...program], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...inherited, ...environment },
    })
    this.#driver.stdin?.on('error', () => {})
    this.exited = new Promise((resolve, reject) => {
      const lines = createInterface({ input: this.#driver.stdout as NodeJS.ReadableStream })
      lines.on('line', (line) => {
        const said = JSON.parse(line) as { output?: string; exit?: PtyExit }
        if (said.output !== undefined) this.#read(Buffer.from(said.output, 'base64'))
        if (said.exit) resolve(said.exit)
      })
      this.#driver.once('close', () => reject(new Error('the driver of the pseudo-terminal failed')))
    })
    this.exited.catch(() => {})
  }

  type(text: string): void {
    this.#tell({ input: text })
  }

  resize(columns: number, rows: number): void {
    this.emulator.resize(columns, rows)
    this.#tell({ resize: [columns, rows] })
  }

  signal(signal: number): void {
    this.#tell({ signal })
  }

  hangUp(): void {
    this.#tell({ hangup: true })
  }

  /** Resolves when the screen meets a condition; rejects when the program ends before. */
  async shows(condition: (emulator: TerminalEmulator) => boolean): Promise<void> {
    if (condition(this.emulator)) return
    let watcher = (): void => {}
    const met = new Promise<void>((resolve) => {
      watcher = () => condition(this.emulator) && resolve()
      this.#watchers.add(watcher)
    })
    const ended = this.exited.then((exit) => {
      throw new Error(`ended before: ${JSON.stringify(exit)}\n${this.emulator.text}`)
    })
    await Promise.race([met, ended]).finally(() => this.#watchers.delete(watcher))
  }

  /** Ends the program, whatever it is doing. */
  async close(): Promise<void> {
    this.#driver.stdin?.end()
    await this.exited.catch(() => {})
  }

  #read(bytes: Buffer): void {
    this.written += bytes.toString('latin1')
    this.emulator.write(bytes)
    for (const watcher of this.#watchers) watcher()
  }

  #tell(command: object): void {
    this.#driver.stdin?.write(`${JSON.stringify(command)}\n`)
  }
}
