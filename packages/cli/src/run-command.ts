import type { Writable } from 'node:stream'
import { createLogger } from '@zcast/log'
import { type Log, type Notice, NoticeBoard, RateLimitedLog, TeeLog } from '@zcast/shared'
import {
  errorMessage,
  escapeControls,
  listenForShutdown,
  type ShutdownSignal,
  systemErrorCode,
} from '@zcast/shared/internal'
import { Arguments } from './options/reading/arguments.ts'
import type { CommandContext, ProcessReport } from './command-context.ts'
import type { Plan } from './command.ts'
import type { ParsedCommandLine } from './command-line/command-line.ts'
import { withOrigin } from './command-line/option-origin.ts'
import { flushOutput, openStandardOutput } from './process/standard-output.ts'
import { ENDING_SIGNALS, stopExitingOnSignals } from './process/start-up.ts'

/** Errors of the command line itself: exit status 2. */
const USAGE_CODES: ReadonlySet<string | undefined> = new Set([
  'ERR_OPTION',
  'ERR_CONFIG',
  'ERR_KEY',
  'ERR_TOPIC',
  'ERR_ENDPOINT',
])

/** The interval at which repeats of a failure are shown to people, in milliseconds; the log has them every 5 s. */
const NOTICE_WINDOW_MS = 30_000

/** The time that open resources may keep the process running after a command has ended. */
const EXIT_DEADLINE_MS = 3000

/**
 * Runs a command to its end and sets the exit status: 0 done, or stopped cleanly; 1 it failed while running; 2 its
 * options are wrong. Every failure is one sentence on stderr and, if something ran, a line in the log.
 */
export async function runCommand({ command, values, origins }: ParsedCommandLine): Promise<void> {
  const args = new Arguments(values)
  const verbose = args.flag('verbose') ?? false
  const shutdown = listenForShutdown(ENDING_SIGNALS)
  stopExitingOnSignals()
  let output: Writable | undefined
  let errorLog: Log | undefined
  let log: Log | undefined
  let isReady = false
  const fail = (error: unknown): void => {
    // Some options can be judged only together with their subject, such as a start position in a clip: the clip is
    // opened first.
    const usage = USAGE_CODES.has(systemErrorCode(error)) && !isReady
    process.exitCode = usage ? 2 : 1
    errorLog?.error(errorMessage(error), error)
    const sentence = describe(error, verbose)
    writeLines(`zcast: ${usage ? withOrigin(sentence, values, origins) : sentence}`)
  }
  try {
    const plan = await command.plan(args)
    const forMs = args.duration('for')
    errorLog = await openLog(plan, args)
    dieOfUncaughtErrors(fail)
    output = openStandardOutput((error) => {
      if (error) fail(error)
      shutdown.shutdown()
    })
    const notices = new NoticeBoard()
    const told = new RateLimitedLog(notices, { windowMs: NOTICE_WINDOW_MS })
    log = new TeeLog(errorLog ? [errorLog, told] : [told])
    const onReady = (): void => void (isReady = true)
    await plan.run(createContext(plan, args, { shutdown, log, told, notices, output, forMs, onReady }))
  } catch (error) {
    // Work given up because the process should end has not failed.
    if (error !== shutdown.signal.reason) fail(error)
    // A failed command does not wait for a reader that has stopped.
    shutdown.shutdown()
  } finally {
    if (output) await flushOutput(output, shutdown.signal)
    log?.close()
    errorLog?.close()
    shutdown.dispose()
    setTimeout(() => process.exit(), EXIT_DEADLINE_MS).unref()
  }
}

async function openLog(plan: Plan, args: Arguments): Promise<Log | undefined> {
  if (plan.role === undefined) return undefined
  const logger = await createLogger({
    role: plan.role,
    directory: args.text('log-dir') ?? 'logs',
    maxBytes: args.byteSize('log-size', { least: '1K', most: '1T' }),
    maxFiles: args.integer('log-files', { least: 1, most: 1000 }),
  })
  return new RateLimitedLog(logger)
}

/** Logs and reports an uncaught error, and ends the process: the state it left behind is unknown. */
function dieOfUncaughtErrors(fail: (error: unknown) => void): void {
  process.on('uncaughtException', (error) => {
    fail(error)
    process.exit()
  })
}

interface Running {
  readonly shutdown: ShutdownSignal
  readonly log: Log
  /** The part of the log that is shown to people. */
  readonly told: RateLimitedLog
  readonly notices: NoticeBoard
  readonly output: Writable
  readonly forMs: number | undefined
  readonly onReady: () => void
}

function createContext(
  plan: Plan,
  args: Arguments,
  { shutdown, log, told, notices, output, forMs, onReady }: Running,
): CommandContext {
  const quiet = args.flag('quiet') ?? false
  const prefix = plan.role === undefined ? '' : `${plan.role}: `
  const say = writeLines
  const report = (message: ProcessReport): void => void process.send?.(message)
  let stopPrinting = notices.onNotice(({ level, message }) => say(`${prefix}${level}: ${message}`))
  return {
    signal: shutdown.signal,
    interrupted: shutdown.interrupted,
    shutdown: shutdown.shutdown,
    log,
    notices,
    redirectNotices: (listener: (notice: Notice) => void) => {
      stopPrinting()
      stopPrinting = notices.onNotice(listener)
    },
    output,
    json: args.flag('json') ?? false,
    quiet,
    verbose: args.flag('verbose') ?? false,
    status: (text) => quiet || say(`${prefix}${text}`),
    summary: (text) => {
      // The summary is the last line, after all repeats counted so far.
      told.flush()
      say(text)
    },
    ready: (address) => {
      onReady()
      report({ type: 'ready', address })
      if (forMs !== undefined) setTimeout(shutdown.shutdown, forMs).unref()
    },
    report,
  }
}

/** The text may contain a file's name or a stranger's words, and is shown on a terminal. */
function writeLines(text: string): void {
  process.stderr.write(`${text.split('\n').map(escapeControls).join('\n')}\n`)
}

function describe(error: unknown, verbose: boolean): string {
  const stack =
    verbose && typeof error === 'object' && error !== null && 'stack' in error ? error.stack : undefined
  return typeof stack === 'string' ? stack : errorMessage(error)
}
