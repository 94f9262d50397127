import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'

/** The built command. */
const ZCAST = fileURLToPath(new URL('../../../packages/cli/bin/zcast.js', import.meta.url))

/** How long a process may take to end after it was asked to. */
const STOP_DEADLINE_MS = 10_000

/** How a process is started. */
export interface ZcastOptions {
  /** Told each line of standard output; they are not kept. */
  readonly onOutput?: ((line: string) => void) | undefined
  /** The folder of its error log. */
  readonly logFolder: string
  /** Variables beside those of this process. */
  readonly env?: NodeJS.ProcessEnv | undefined
}

/** The built `zcast` command in a process of its own, with nothing of its parent's settings. */
export class ZcastProcess {
  readonly name: string
  /** All lines of standard error. */
  readonly stderr: string[] = []
  /** Resolves when it has ended and its last line was read: its exit status, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>
  readonly #child: ChildProcess
  readonly #listeners = new Set<() => void>()
  #end: number | NodeJS.Signals | undefined

  constructor(name: string, args: readonly (string | number)[], { onOutput, logFolder, env }: ZcastOptions) {
    this.name = name
    const argv = [ZCAST, ...args.map(String), '--log-dir', logFolder]
    const child = spawn(process.execPath, argv, {
      env: { ...ownEnvironment(), ...env },
      // With the channel it ends when this process does, however that happens.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // In a process group of its own, or Ctrl-C would end it before its last figures were asked for.
      detached: true,
    })
    this.#child = child
    forEachLine(child.stdout, (line) => onOutput?.(line))
    forEachLine(child.stderr, (line) => {
      this.stderr.push(line)
      this.#tell()
    })
    this.ended = new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (status, signal) => {
        this.#end = signal ?? status ?? 1
        this.#tell()
        resolve(this.#end)
      })
    })
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** How it ended; `undefined` while it runs. */
  get end(): number | NodeJS.Signals | undefined {
    return this.#end
  }

  /** Waits for a line of standard error. @throws when it ends without one. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    for (let index = 0; ; index++) {
      while (index >= this.stderr.length) {
        if (this.#end !== undefined)
          throw new Error(
            `${this.name} ended (${this.#end}) without saying ${pattern}: ${this.stderr.join(' | ')}`,
          )
        await new Promise<void>((resolve) => this.#listeners.add(resolve))
      }
      const match = pattern.exec(this.stderr[index] as string)
      if (match) return match
    }
  }

  /** Ends it in good order, or by force when that takes too long. @returns How it ended. */
  async stop(): Promise<number | NodeJS.Signals> {
    this.#child.kill('SIGTERM')
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_DEADLINE_MS)
    const end = await this.ended
    clearTimeout(timer)
    return end
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
    this.#listeners.clear()
  }
}

function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ZCAST_')))
}

function forEachLine(stream: Readable | null, listener: (line: string) => void): void {
  if (stream) createInterface({ input: stream }).on('line', listener)
}
