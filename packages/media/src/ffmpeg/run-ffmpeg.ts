import { spawn } from 'node:child_process'
import { SourceError } from '@zcast/shared'
import { errorMessage } from '@zcast/shared/internal'
import { childEnvironment } from './child-environment.ts'

/** The result of a short ffmpeg run. */
export interface FfmpegOutcome {
  /** Exit status; `null` when a signal ended it. */
  readonly code: number | null
  /** At most 1 MiB. */
  readonly stdout: string
  /** At most 1 MiB. */
  readonly stderr: string
}

const MAX_OUTPUT_BYTES = 1024 * 1024
const LONGEST_RUN_MS = 30_000

/** Options of {@link runFfmpeg}. */
export interface RunOptions {
  /** Ends it when aborted. */
  readonly signal?: AbortSignal | undefined
  /** The longest it may run, in milliseconds. Default 30,000. */
  readonly longestMs?: number | undefined
}

/**
 * Runs ffmpeg to its end, without a shell, and keeps its output.
 *
 * @throws {@link SourceError} `ERR_FFMPEG` when it cannot be started; the signal's reason when it aborts.
 */
export async function runFfmpeg(
  ffmpegPath: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<FfmpegOutcome> {
  options.signal?.throwIfAborted()
  const child = spawn(ffmpegPath, args, {
    env: childEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  })
  const stop = (): void => void child.kill('SIGKILL')
  const timer = setTimeout(stop, options.longestMs ?? LONGEST_RUN_MS)
  options.signal?.addEventListener('abort', stop)
  try {
    const stdout = collect(child.stdout)
    const stderr = collect(child.stderr)
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    })
    options.signal?.throwIfAborted()
    return { code, stdout: stdout(), stderr: stderr() }
  } catch (error) {
    options.signal?.throwIfAborted()
    throw new SourceError('ERR_FFMPEG', `cannot run ${ffmpegPath}: ${errorMessage(error)}`, { cause: error })
  } finally {
    clearTimeout(timer)
    options.signal?.removeEventListener('abort', stop)
  }
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = []
  let size = 0
  stream.on('data', (chunk: Buffer) => {
    if (size < MAX_OUTPUT_BYTES) chunks.push(chunk.subarray(0, MAX_OUTPUT_BYTES - size))
    size += chunk.length
  })
  return () => Buffer.concat(chunks).toString('utf8')
}
