import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach } from '@jest/globals'
import { descendantsOf, killQuietly } from './process-tree.ts'
import { Program, type Ending, type ProgramOptions } from './program.ts'

/** The built command, its modules joined by `join-command.js`. */
export const ZCAST = fileURLToPath(
  new URL('../../../../node_modules/.cache/zcast-command/bin/zcast.js', import.meta.url),
)

/** The built command as it is installed, for tests of what is loaded. */
export const INSTALLED_ZCAST = fileURLToPath(new URL('../../bin/zcast.js', import.meta.url))

/** The folder of the whole project. */
export const PROJECT = fileURLToPath(new URL('../../../../', import.meta.url))

/**
 * The line with which every subscriber ends, once it has received something; its state where that is not `live`. A time
 * that was damaged on its way looks like a clock that differs.
 */
export const SUMMARY =
  /^received (\d+), lost (\d+)(?:, withheld \d+)?, skipped (\d+), invalid (\d+)(?:, duplicate \d+)?, (\d+\.\d)\/s, (?:latency p50 (\d+\.\d) ms p99 (\d+\.\d) ms|clocks differ)(?:, (connecting|idle|stale|denied))?$/

/** A line of the error log. */
export const LOG_LINE =
  /^(\d+) - \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d - (ERROR|WARNING) - (publisher|client \d|viewer \d+|demo): (.+)$/

/** How many events lines of the log stand for: repeats share one. */
export function eventsLogged(lines: readonly string[]): number {
  const counts = lines.map((line) => Number(/\(repeated (\d+) times? in .* s\)$/.exec(line)?.[1] ?? 1))
  return counts.reduce((sum, count) => sum + count, 0)
}

/** What a test works with: a folder of its own, and programs that do not outlive it. */
export interface Workbench {
  /** Removed after the test. */
  readonly folder: string
  /** Where the commands that it starts have their error log. */
  readonly logFolder: string
  /** Starts `zcast` with `--log-dir`. */
  start(args: readonly (string | number)[], options?: ProgramOptions): Program
  /** Starts `zcast` with `--log-dir` and waits for its end; it has nothing to read on standard input. */
  run(args: readonly (string | number)[], options?: ProgramOptions): Promise<Ending>
  /** Starts any program. */
  launch(path: string, args: readonly string[], options?: ProgramOptions): Program
  /** A path in the folder. */
  path(name: string): string
  /** The lines of the error log; none when there is no log. */
  logLines(): string[]
}

/** A workbench for each test of the file. Whatever a failed test left running is ended after it. */
export function useWorkbench(): Workbench {
  const programs = new Set<Program>()
  let folder = ''

  const launch = (path: string, args: readonly string[], options?: ProgramOptions): Program => {
    const program = new Program(path, args, options)
    programs.add(program)
    return program
  }
  const start: Workbench['start'] = (args, options) =>
    launch(process.execPath, [ZCAST, ...args.map(String), '--log-dir', join(folder, 'logs')], options)

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'zcast-e2e-'))
  })
  afterEach(async () => {
    for (const program of programs) {
      if (!program.isRunning) continue
      for (const pid of descendantsOf(program.pid)) killQuietly(pid)
      await program.stop('SIGKILL')
    }
    programs.clear()
    await rm(folder, { recursive: true, force: true })
  })

  return {
    get folder() {
      return folder
    },
    get logFolder() {
      return join(folder, 'logs')
    },
    start,
    run: (args, options) => {
      const program = start(args, options)
      program.endInput()
      return program.ended
    },
    launch,
    path: (name) => join(folder, name),
    logLines: () => {
      const path = join(folder, 'logs', 'errors.log')
      return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : []
    },
  }
}

/** Waits until a publisher says where it sends a topic. @returns The endpoint. */
export async function publishedAt(publisher: Program, topic: string): Promise<string> {
  const [, endpoint] = await publisher.stderr.find(new RegExp(`publishing ${topic} on (\\S+)$`))
  return endpoint as string
}

/** A refusal without the program's name before it, and without where the value came from behind it. */
export function sentenceOf(line: string | undefined): string {
  return (line ?? '').slice('zcast: '.length).replace(/ \(from --[a-z-]+\)$/, '')
}
