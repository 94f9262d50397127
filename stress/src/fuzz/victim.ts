import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { listLogFiles } from './log-files.ts'
import { MemoryWatch } from '../support/memory-watch.ts'
import { ZcastProcess } from '../support/zcast-process.ts'

// What memory may do that is no leak: queues that are full at one time and empty at another, a heap that has room.
const MAX_GROWTH = 1.25
const MAX_GROWTH_MIB = 32
/**
 * glibc keeps what a thread has freed for the next allocation of threads that share its arena, and pictures are converted
 * in as many threads as there happen to be: with the default arenas a viewer among the largest pictures goes up to 440 MiB
 * in its first 120 conversions and stays there for good; with one, what is measured is what it holds.
 */
const ONE_ARENA = { MALLOC_ARENA_MAX: '1' }
/** A process may take this at a time, with messages of 16 MiB and pictures of 64 million pixels in hand. */
const MOST_MIB = 768
const MAX_MORE_FILES = 20
/** Repeats of an event are one line each 5 s. */
const LOG_WINDOW_SECONDS = 5
/** On stderr repeats are told twice a minute. */
const NOTICE_WINDOW_SECONDS = 30
/** How many kinds of bad messages there are. */
const MAX_LOG_KINDS = 40

/** What is logged of a bad message. */
export const BAD_MESSAGE = /dropped a message/

const CRASHED = /unhandled|uncaught|TypeError|RangeError|ReferenceError|\bat .*:\d+:\d+|Assertion|heap|FATAL/i

/** A process of the built command that is attacked, and watched meanwhile. */
export class Victim {
  readonly process: ZcastProcess
  readonly #logFolder: string
  readonly #memory: MemoryWatch
  readonly #startedMs = performance.now()

  constructor(
    name: string,
    folder: string,
    args: readonly (string | number)[],
    onOutput: (line: string) => void,
  ) {
    this.#logFolder = join(folder, name.replace(' ', '-'))
    // Every line is kept, so that what was logged can be counted.
    const options = ['--json', '--log-files', 1000]
    const logFolder = this.#logFolder
    this.process = new ZcastProcess(name, [...args, ...options], { onOutput, logFolder, env: ONE_ARENA })
    this.#memory = new MemoryWatch(this.process.pid)
  }

  /** Events of a kind that were logged; lines that stand for many included. Whole once it has ended. */
  eventsLogged(kind: RegExp): number {
    const counts = this.#logLines()
      .filter((line) => kind.test(line))
      .map((line) => Number(/\(repeated (\d+) times? in .* s\)$/.exec(line)?.[1] ?? 1))
    return counts.reduce((sum, count) => sum + count, 0)
  }

  /**
   * Ends it and looks at what it leaves.
   *
   * @returns A sentence for each thing that is not as it should be, and one that describes its memory.
   */
  async close(): Promise<{ failures: string[]; memory: string }> {
    const { name } = this.process
    const early = this.process.end
    const trend = this.#memory.close()
    const end = await this.process.stop()
    const seconds = (performance.now() - this.#startedMs) / 1000
    const failures: string[] = []
    if (early !== undefined) failures.push(`${name} ended with ${early} while it was attacked`)
    else if (end !== 0) failures.push(`${name} ended with ${end}`)
    for (const line of this.process.stderr) if (CRASHED.test(line)) failures.push(`${name} said: ${line}`)
    // What it does each second at the most, and each kind of failure with its repeats.
    const notices = MAX_LOG_KINDS * (seconds / NOTICE_WINDOW_SECONDS + 2)
    if (this.process.stderr.length > 10 + seconds + notices)
      failures.push(`${name} said ${this.process.stderr.length} lines`)
    const lines = this.#logLines().length
    if (lines > MAX_LOG_KINDS * (seconds / LOG_WINDOW_SECONDS + 2))
      failures.push(`${name} logged ${lines} lines`)
    if (!trend) return { failures, memory: `${name}: memory not measured` }
    if (trend.after > trend.before * MAX_GROWTH + MAX_GROWTH_MIB)
      failures.push(`${name} grew from ${trend.before.toFixed(0)} to ${trend.after.toFixed(0)} MiB`)
    if (trend.most > MOST_MIB) failures.push(`${name} took ${trend.most.toFixed(0)} MiB`)
    const [before, after] = trend.descriptors
    if (after > before + MAX_MORE_FILES) failures.push(`${name} had ${before} files open, then ${after}`)
    const rss = [trend.before, trend.after, trend.most].map((mib) => mib.toFixed(0))
    return {
      failures,
      memory: `${name}: RSS ${rss[0]} MiB at least in the second quarter, ${rss[1]} in the last, ${rss[2]} at most; ${before} and ${after} files; ${lines} lines in its log`,
    }
  }

  #logLines(): string[] {
    return listLogFiles(this.#logFolder).flatMap((path) =>
      readFileSync(path, 'utf8').split('\n').filter(Boolean),
    )
  }
}
