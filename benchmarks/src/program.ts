import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { treeCpuMs, treeRssMiB } from './process-cpu.ts'

/** How long any program may take to say or do what is waited for. */
const PATIENCE_MS = 60_000

/** The command that is measured. */
export const ZCAST = fileURLToPath(new URL('../../packages/cli/bin/zcast.js', import.meta.url))

/** What starts a module of `programs/`. */
export function nodeCommand(module: string, ...args: (string | number)[]): (string | number)[] {
  return [process.execPath, fileURLToPath(new URL(`./programs/${module}.js`, import.meta.url)), ...args]
}

const running = new Set<ChildProcess>()

/** A program that takes part in a benchmark: a process of its own, what it says, and what it costs. */
export class Program {
  readonly #child: ChildProcess
  readonly #command: string
  readonly #said: string[] = []
  readonly #waiting = new Set<() => void>()
  readonly #ended: Promise<void>
  #isOver = false

  constructor(command: string, args: readonly (string | number)[] = [], directory?: string) {
    this.#command = [command, ...args].join(' ')
    this.#child = spawn(command, args.map(String), {
      cwd: directory,
      // Encoded clips are kept there as well, so that a new folder means a first pass.
      env: { ...process.env, ...(directory !== undefined && { XDG_CACHE_HOME: directory }) },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    running.add(this.#child)
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.#hear(line))
    }
    this.#ended = once(this.#child, 'close').then(() => {
      running.delete(this.#child)
      this.#isOver = true
      this.#tell()
    })
  }

  /** Starts a command: its path and its arguments. */
  static launch([command = '', ...args]: readonly (string | number)[]): Program {
    return new Program(String(command), args)
  }

  /** Starts a module of `programs/`. */
  static node(module: string, ...args: (string | number)[]): Program {
    return Program.launch(nodeCommand(module, ...args))
  }

  /** Starts `zcast`; its log goes to the folder it works in. */
  static zcast(directory: string, ...args: (string | number)[]): Program {
    return new Program(process.execPath, [ZCAST, ...args], directory)
  }

  /** Settles at its end. */
  get ended(): Promise<void> {
    return this.#ended
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** CPU time of the process and all it has started. */
  cpuMs(): number {
    return treeCpuMs(this.pid)
  }

  /** Memory of the process and all it has started. */
  rssMiB(): number {
    return treeRssMiB(this.pid)
  }

  /** Waits until it says something that is accepted; what it has said already counts. */
  async says(
    pattern: RegExp,
    accept: (match: RegExpExecArray) => boolean = () => true,
  ): Promise<RegExpExecArray> {
    const deadline = performance.now() + PATIENCE_MS
    for (;;) {
      for (const line of this.#said) {
        const match = pattern.exec(line)
        if (match && accept(match)) return match
      }
      if (this.#isOver || performance.now() > deadline) throw this.#failure(`never said ${pattern}`)
      await this.#news(deadline - performance.now())
    }
  }

  /** Waits for its end, and gives the JSON object it said last. @param patienceMs - How long it may take. */
  async result<T>(patienceMs = PATIENCE_MS): Promise<T> {
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), patienceMs)
    await this.#ended
    clearTimeout(timer)
    const last = this.#said.findLast((line) => line.startsWith('{'))
    if (last === undefined) throw this.#failure('gave no result')
    return JSON.parse(last) as T
  }

  /** Asks it to go on. */
  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** Ends it. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (!this.#isOver) this.#child.kill(signal)
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 10_000)
    await this.#ended
    clearTimeout(timer)
  }

  #hear(line: string): void {
    this.#said.push(line)
    if (this.#said.length > 1000) this.#said.shift()
    this.#tell()
  }

  #tell(): void {
    for (const resolve of this.#waiting) resolve()
    this.#waiting.clear()
  }

  async #news(timeoutMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    await new Promise<void>((resolve) => {
      this.#waiting.add(resolve)
      timer = setTimeout(resolve, timeoutMs)
    })
    clearTimeout(timer)
  }

  #failure(what: string): Error {
    return new Error(`${this.#command} ${what}; it said:\n${this.#said.slice(-10).join('\n')}`)
  }
}

/** Ends everything that still runs: for a benchmark that failed. */
export function stopAll(): void {
  for (const child of running) child.kill('SIGKILL')
}
