import type { ChildProcess } from 'node:child_process'
import { PassThrough, type Readable, type Writable } from 'node:stream'
import fluentFfmpeg from 'fluent-ffmpeg'
import { errorMessage, SourceError } from '@zcast/shared'
import { childEnvironment } from './child-environment.ts'
import { KEPT_LINES, LastLines } from './last-lines.ts'
import type { ProcessExit } from './process-exit.ts'

/** What one ffmpeg process reads and writes. Formats are given as plain `-f` options. */
export interface FfmpegJob {
  /** What follows `-i`. */
  readonly input: string
  /** What stands before `-i`. */
  readonly inputOptions: readonly string[]
  /** What stands before the output, which is always stdout. */
  readonly outputOptions: readonly string[]
  /** Called with each line that is no error, where `-loglevel level+info` makes ffmpeg say which are. */
  readonly onNotice?: ((line: string) => void) | undefined
}

/** An ffmpeg process that was started and has not been waited for. */
export interface RunningFfmpeg {
  readonly pid: number
  /** What the input `pipe:0` is read from; `null` where there is none. Its errors are no news: the exit tells. */
  readonly stdin: Writable | null
  /** What it writes; run once. Not read faster than this is read, so that ffmpeg waits for its reader. Ends when it is killed. */
  readonly output: AsyncIterable<Buffer>
  /** Resolves when the process is gone and its output was read to the end; never rejects. */
  readonly exited: Promise<ProcessExit>
  /** SIGTERM, and SIGKILL two seconds later; resolves when the process is gone. May be called twice. */
  kill(): Promise<void>
}

const KILL_AFTER_MS = 2000
const LEVEL = /^((?:\[[^\]]* @ 0x[0-9a-f]+\] ?)*)\[(panic|fatal|error|warning|info)\] /

/** The path of the ffmpeg that npm installed, or `undefined` where there is none for this platform. */
export async function bundledFfmpegPath(): Promise<string | undefined> {
  try {
    // Throws while loading on a platform it does not know, so it cannot be imported at the top.
    const installer = await import('@ffmpeg-installer/ffmpeg')
    return installer.default.path
  } catch {
    return undefined
  }
}

/**
 * Starts ffmpeg; the only use of fluent-ffmpeg.
 *
 * @param ffmpegPath - An ffmpeg that is known to run.
 * @throws {@link SourceError} `ERR_FFMPEG` when the process cannot be started.
 */
export async function startFfmpeg(ffmpegPath: string, job: FfmpegJob): Promise<RunningFfmpeg> {
  // Without 'close': fluent-ffmpeg takes it for a broken pipe, and kills a process that takes over 20 ms to end.
  const output = new PassThrough({ emitClose: false })
  const lastLines = new LastLines()
  const command = fluentFfmpeg({ stdoutLines: KEPT_LINES })
    .setFfmpegPath(ffmpegPath)
    .input(job.input)
    .inputOptions([...job.inputOptions])
    .outputOptions([...job.outputOptions])
    .on('stderr', (said: string) => {
      const [prefix = '', part = '', level] = LEVEL.exec(said) ?? []
      const line = level === undefined ? said : part + said.slice(prefix.length)
      if (level === 'info' || level === 'warning') return job.onNotice?.(line)
      lastLines.add(line)
    })

  const inner = command as unknown as FluentInternals
  const spawn = inner._spawnFfmpeg.bind(command)
  inner._spawnFfmpeg = (args, options, ...rest) =>
    // In a process group of its own: a terminal that closes must not end it where nohup keeps this process going, nor
    // Ctrl-C before this process has had its say. The end of its pipe ends it in any case.
    spawn(args, { ...options, env: childEnvironment(), detached: process.platform !== 'win32' }, ...rest)

  const child = await new Promise<ChildProcess>((resolve, reject) => {
    // The process itself is watched below; what comes here before it exists is a failure to start.
    command.on('error', reject)
    command.once('start', () => {
      const { ffmpegProc } = inner
      // fluent-ffmpeg's own handler throws uncaught when the spawn fails, and 'start' is emitted before that is known.
      ffmpegProc.removeAllListeners('error')
      ffmpegProc.once('error', reject)
      ffmpegProc.once('spawn', () => resolve(ffmpegProc))
    })
    command.pipe(output)
  }).catch((error: unknown) => {
    throw new SourceError('ERR_FFMPEG', `cannot start ${ffmpegPath}: ${errorMessage(error)}`, {
      cause: error,
    })
  })
  child.on('error', () => {})
  // Read from the process itself: another stream in between costs a tenth of all the CPU of a picture that is copied.
  const stdout = child.stdout as Readable
  stdout.unpipe(output)
  child.stdin?.on('error', () => {})

  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const exited = new Promise<ProcessExit>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal, lastLines: lastLines.lines })),
  )
  let killing: Promise<void> | undefined
  const kill = async (): Promise<void> => {
    // While ffmpeg waits for its reader it does not act on SIGTERM; with the pipe closed it does.
    child.stdin?.destroy()
    stdout.destroy()
    child.stderr?.destroy()
    output.end()
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS)
    await gone
    clearTimeout(timer)
  }
  return {
    pid: child.pid as number,
    stdin: child.stdin,
    output: readUntil(stdout, () => killing !== undefined),
    exited,
    kill: () => (killing ??= kill()),
  }
}

/** What fluent-ffmpeg has no public way to: the options of its spawn, and the process. */
interface FluentInternals {
  _spawnFfmpeg(args: readonly string[], options: object, ...rest: unknown[]): void
  readonly ffmpegProc: ChildProcess
}

/** What a stream gives; that it was cut off is no failure once it is killed. */
async function* readUntil(stream: Readable, isKilled: () => boolean): AsyncGenerator<Buffer> {
  try {
    yield* stream
  } catch (error) {
    if (!isKilled()) throw error
  }
}
