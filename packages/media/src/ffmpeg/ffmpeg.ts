import type { ChildProcess } from 'node:child_process'
import { PassThrough, type Readable, type Writable } from 'node:stream'
import fluentFfmpeg from 'fluent-ffmpeg'
import { SourceError } from '@zcast/shared'
import { errorMessage } from '@zcast/shared/internal'
import { childEnvironment } from './child-environment.ts'
import { KEPT_LINES, LastLines } from './last-lines.ts'
import type { ProcessExit } from './process-exit.ts'

/** The input and output of one ffmpeg process. Formats are given as plain `-f` options. */
export interface FfmpegJob {
  /** The argument of `-i`. */
  readonly input: string
  /** Options before `-i`. */
  readonly inputOptions: readonly string[]
  /** Options before the output, which is always stdout. */
  readonly outputOptions: readonly string[]
  /** Takes what ffmpeg writes to `pipe:3`, an output of its own among `outputOptions`. Default: there is none. */
  readonly onSecond?: ((chunk: Buffer) => void) | undefined
  /** Called with each line that is not an error, when `-loglevel level+info` makes ffmpeg mark errors. */
  readonly onNotice?: ((line: string) => void) | undefined
}

/** A running ffmpeg process. */
export interface RunningFfmpeg {
  readonly pid: number
  /**
   * The stream that the input `pipe:0` reads; `null` when there is none. Its errors can be ignored: the exit reports
   * them.
   */
  readonly stdin: Writable | null
  /** The output; iterate once. ffmpeg waits for its reader. Ends when ffmpeg is killed. */
  readonly output: AsyncIterable<Buffer>
  /** Resolves when the process has exited and its output has been read to the end; never rejects. */
  readonly exited: Promise<ProcessExit>
  /** SIGTERM, and SIGKILL two seconds later; resolves when the process has exited. May be called twice. */
  kill(): Promise<void>
}

const KILL_AFTER_MS = 2000
const LEVEL = /^((?:\[[^\]]* @ 0x[0-9a-f]+\] ?)*)\[(panic|fatal|error|warning|info)\] /

/** The path of the ffmpeg that npm installed; `undefined` when there is none for this platform. */
export async function bundledFfmpegPath(): Promise<string | undefined> {
  try {
    // The module throws while loading on a platform it does not know, so it cannot be imported at the top.
    const installer = await import('@ffmpeg-installer/ffmpeg')
    return installer.default.path
  } catch {
    return undefined
  }
}

/**
 * Starts ffmpeg; the only use of fluent-ffmpeg.
 *
 * @param ffmpegPath - An ffmpeg known to run.
 * @throws {@link SourceError} `ERR_FFMPEG` when the process cannot be started.
 */
export async function startFfmpeg(ffmpegPath: string, job: FfmpegJob): Promise<RunningFfmpeg> {
  // No 'close' event: fluent-ffmpeg takes it for a broken pipe, and kills a process that takes over 20 ms to end.
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

  const pipes = job.onSecond ? { stdio: ['pipe', 'pipe', 'pipe', 'pipe'] } : {}
  const inner = command as unknown as FluentInternals
  const spawn = inner._spawnFfmpeg.bind(command)
  inner._spawnFfmpeg = (args, options, ...rest) =>
    // It has a process group of its own: closing the terminal must not end it when nohup keeps this process running,
    // nor Ctrl-C before this process has handled it. The end of its pipe ends it in any case.
    spawn(
      args,
      { ...options, ...pipes, env: childEnvironment(), detached: process.platform !== 'win32' },
      ...rest,
    )

  const child = await new Promise<ChildProcess>((resolve, reject) => {
    // The process itself is watched below; an error before it exists is a failure to start.
    command.on('error', reject)
    command.once('start', () => {
      const { ffmpegProc } = inner
      // fluent-ffmpeg's own handler throws an uncaught error when the spawn fails, and 'start' is emitted before that
      // is known.
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
  // Read directly from the process: another stream in between costs a tenth of all the CPU time of a copied picture.
  const stdout = child.stdout as Readable
  stdout.unpipe(output)
  child.stdin?.on('error', () => {})
  const second = child.stdio[3] as Readable | undefined
  if (job.onSecond) second?.on('error', () => {}).on('data', job.onSecond)

  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const exited = new Promise<ProcessExit>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal, lastLines: lastLines.lines })),
  )
  let killing: Promise<void> | undefined
  const kill = async (): Promise<void> => {
    // While ffmpeg waits for its reader it ignores SIGTERM; once the pipe is closed it does not.
    child.stdin?.destroy()
    stdout.destroy()
    second?.destroy()
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

/** The parts of fluent-ffmpeg without a public interface: the options of its spawn, and the process. */
interface FluentInternals {
  _spawnFfmpeg(args: readonly string[], options: object, ...rest: unknown[]): void
  readonly ffmpegProc: ChildProcess
}

/** Yields a stream's chunks; an interruption is not a failure once the process was killed. */
async function* readUntil(stream: Readable, isKilled: () => boolean): AsyncGenerator<Buffer> {
  try {
    yield* stream
  } catch (error) {
    if (!isKilled()) throw error
  }
}
