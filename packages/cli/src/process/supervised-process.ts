import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { COMMON_OPTIONS } from '../options/common-options.ts'
import { environmentName, SUPERVISED } from '../options/reading/environment.ts'
import type { ProcessReport, SummaryReport } from '../command-context.ts'

/** The destinations of a supervised process's lines. */
export interface LineListeners {
  onOutput(line: string): void
  onError(line: string): void
}

const PROGRAM = fileURLToPath(new URL('../../bin/zcast.js', import.meta.url))

/** The time that a process has to end after it was asked to; longer than its own deadline. */
const STOP_DEADLINE_MS = 9000

/** The environment variables that a supervised process inherits; the rest concern only its supervisor. */
const INHERITED_VARIABLES = new Set(Object.keys(COMMON_OPTIONS).map(environmentName))

/**
 * A `zcast` command in a process of its own. It cannot outlive this one: it ends when the channel between them closes,
 * and the system closes that however this process dies.
 */
export class SupervisedProcess {
  readonly name: string
  /** Resolves when the process is at work. */
  readonly ready: Promise<void>
  /** Resolves when the process has ended and its last line was read. */
  readonly ended: Promise<void>
  readonly #child: ChildProcess
  #summary: SummaryReport | undefined
  #end = ''

  /** @param environment - Settings for this process alone, in addition to the inherited ones. */
  constructor(
    name: string,
    argv: readonly string[],
    listeners: LineListeners,
    environment: Readonly<Record<string, string>> = {},
  ) {
    this.name = name
    this.#child = spawn(process.execPath, [PROGRAM, ...argv], {
      env: { ...childEnvironment(), ...environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // It has a process group of its own, or Ctrl-C would end it before its supervisor can ask.
      detached: true,
    })
    forEachLine(this.#child.stdout, (line) => listeners.onOutput(line))
    forEachLine(this.#child.stderr, (line) => listeners.onError(line))
    let markReady: () => void
    this.ready = new Promise((resolve) => (markReady = resolve))
    this.#child.on('message', (message: ProcessReport) => {
      if (message.type === 'ready') markReady()
      else this.#summary = message
    })
    this.ended = new Promise((resolve) => {
      this.#child.on('error', (error) => {
        this.#end = `cannot be started (${error.message})`
        resolve()
      })
      this.#child.on('close', (code, signal) => {
        this.#end = `ended unexpectedly (${signal ?? `exit status ${code}`})`
        resolve()
      })
    })
  }

  /** The summary that it reported at its end. */
  get summary(): SummaryReport | undefined {
    return this.#summary
  }

  /** The way it ended, in words that follow its name; empty while it runs. */
  get howItEnded(): string {
    return this.#end
  }

  /** Ends it cleanly, or by force when that takes too long. */
  async stop(): Promise<void> {
    this.#child.kill('SIGTERM')
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_DEADLINE_MS)
    await this.ended
    clearTimeout(timer)
  }
}

function childEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('ZCAST_') || INHERITED_VARIABLES.has(name),
  )
  return { ...Object.fromEntries(kept), [SUPERVISED]: 'true', ZCAST_JSON: 'false' }
}

function forEachLine(stream: Readable | null, listener: (line: string) => void): void {
  if (stream) createInterface({ input: stream }).on('line', listener)
}
