import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

/** How a program ended, and all it said. */
export interface Ending {
  /** Exit status; `null` when a signal ended it. */
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  /** Lines of standard output. */
  readonly stdout: readonly string[]
  /** Lines of standard error. */
  readonly stderr: readonly string[]
}

/** How a program is started. */
export interface ProgramOptions {
  /** Variables beside the test's own; `undefined` takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** Default the test's own. */
  readonly cwd?: string | undefined
}

/** One of a program's outputs, line by line. */
export class Lines {
  /** All that came so far. */
  readonly all: string[] = []
  /** Resolves when no further line can come. */
  readonly ended: Promise<void>
  readonly #stream: Readable
  readonly #name: string
  readonly #listeners = new Set<() => void>()
  #hasEnded = false

  constructor(stream: Readable, name: string) {
    this.#stream = stream
    this.#name = name
    const reader = createInterface({ input: stream })
    reader.on('line', (line) => {
      this.all.push(line)
      this.#tell()
    })
    this.ended = new Promise((resolve) => {
      reader.on('close', () => {
        this.#hasEnded = true
        this.#tell()
        resolve()
      })
    })
  }

  /**
   * Waits for a line, those that came already included.
   *
   * @param from - Lines before this index do not count. Default 0.
   * @returns The match of the first line that does.
   */
  async find(pattern: RegExp, from = 0): Promise<RegExpExecArray> {
    for (let index = from; ; index++) {
      while (index >= this.all.length) {
        if (this.#hasEnded)
          throw new Error(`no line like ${pattern} on ${this.#name}:\n${this.all.join('\n')}`)
        await this.#change()
      }
      const match = pattern.exec(this.all[index] as string)
      if (match) return match
    }
  }

  /** Waits until there are so many lines. @returns The first `count`. */
  async atLeast(count: number): Promise<readonly string[]> {
    if (count > 0) await this.find(/(?:)/, count - 1)
    return this.all.slice(0, count)
  }

  /** Stops reading, as `head` does when it has enough. */
  hangUp(): void {
    this.#stream.destroy()
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
    this.#listeners.clear()
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#listeners.add(resolve))
  }
}

/** A program that runs in a process of its own. */
export class Program {
  readonly stdout: Lines
  readonly stderr: Lines
  /** Resolves when the process has ended and its last line was read. */
  readonly ended: Promise<Ending>
  readonly #child: ChildProcess

  constructor(path: string, args: readonly string[], options: ProgramOptions = {}) {
    const child = spawn(path, args, {
      cwd: options.cwd,
      env: environmentFor(options.env),
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    this.#child = child
    this.stdout = new Lines(child.stdout, 'stdout')
    this.stderr = new Lines(child.stderr, 'stderr')
    // The reader may have gone before all was written: what matters then is how the program ended.
    child.stdin.on('error', () => undefined)
    this.ended = new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (status, signal) => {
        const outputs = { stdout: this.stdout.all, stderr: this.stderr.all }
        void Promise.all([this.stdout.ended, this.stderr.ended]).then(() =>
          resolve({ status, signal, ...outputs }),
        )
      })
    })
  }

  get pid(): number {
    return this.#child.pid as number
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** Sends a signal. */
  kill(signal: NodeJS.Signals = 'SIGTERM'): void {
    this.#child.kill(signal)
  }

  /** Sends a signal and waits for the end. */
  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<Ending> {
    this.kill(signal)
    return this.ended
  }

  /** Writes to its standard input. */
  write(text: string | Uint8Array): void {
    this.#child.stdin?.write(text)
  }

  /** Ends its standard input. */
  endInput(text = ''): void {
    this.#child.stdin?.end(text)
  }
}

function environmentFor(changes: ProgramOptions['env'] = {}): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^ZCAST_|^(NO|FORCE)_COLOR$|^NODE_ENV$/.test(name),
  )
  return { ...Object.fromEntries(own), ...changes }
}
