import { SourceError } from '@zcast/shared'
import { localInput, LOCAL_SOUND_OPTIONS, SOUND_STREAM_INPUT } from '../ffmpeg/allowed-inputs.ts'
import type { CaptureInput } from '../capture/capture-inputs.ts'
import { failureReason } from '../ffmpeg/failure-reason.ts'
import { startFfmpeg } from '../ffmpeg/ffmpeg.ts'
import { findFfmpeg } from '../ffmpeg/find-ffmpeg.ts'
import { pour } from './pour.ts'

/** What sound is converted to. */
export interface PcmFormat {
  /** Samples a second of each channel. */
  readonly rate: number
  readonly channels: number
}

/** What {@link openPcm} reads. */
export interface PcmOptions extends PcmFormat {
  /** How errors name the input. */
  readonly name: string
  readonly input: CaptureInput
  /** Whether the input says when its sound is due, so that pauses in it become silence. Default false. */
  readonly isTimed?: boolean | undefined
  /** What is said of a failure, given the reason as a clause. Default: that ffmpeg stopped reading it. */
  readonly describeFailure?: ((reason: string) => string) | undefined
  /** What `pipe:0` gives. */
  readonly feed?: AsyncIterable<Uint8Array> | undefined
}

/** Sound of a file, from a place on. */
export function fileSound(path: string, startSeconds = 0): CaptureInput {
  const seek = startSeconds > 0 ? ['-ss', String(startSeconds)] : []
  return { input: localInput(path), inputOptions: [...LOCAL_SOUND_OPTIONS, ...seek] }
}

/** Sound that comes on standard input, in a container. */
export const STREAM_SOUND = SOUND_STREAM_INPUT

const FIRST_SOUND = '-map 0:a:0 -vn -map_metadata -1'.split(' ')
const AS_PCM = '-c:a pcm_s16le -f s16le -flush_packets 1'.split(' ')

/** Sound that lags behind its own times by more than this gets silence, or loses samples. */
const LONGEST_LAG_SECONDS = 0.02

/**
 * Decodes the first sound of an input to 16-bit samples, little-endian, the channels in turn, as ffmpeg writes them.
 * ffmpeg waits while none is taken. Leaving the loop, or aborting, ends ffmpeg first.
 *
 * @throws {@link SourceError} `ERR_FFMPEG`, or `ERR_SOURCE_FAILED` when it failed after what came; what the feed threw.
 */
export async function* openPcm(options: PcmOptions, signal: AbortSignal): AsyncGenerator<Buffer> {
  const { name, input, rate, channels, isTimed = false, feed } = options
  const ffmpeg = await findFfmpeg()
  if (signal.aborted) return
  const filter = `aresample=async=1:min_hard_comp=${LONGEST_LAG_SECONDS}:first_pts=0`
  const running = await startFfmpeg(ffmpeg.path, {
    input: input.input,
    inputOptions: ['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'error', ...input.inputOptions],
    outputOptions: [
      ...FIRST_SOUND,
      ...(isTimed ? ['-af', filter] : []),
      '-ar',
      String(rate),
      '-ac',
      String(channels),
      ...AS_PCM,
    ],
  })
  const onAbort = (): void => void running.kill()
  signal.addEventListener('abort', onAbort)
  if (signal.aborted) onAbort()
  let feedFailure: { readonly reason: unknown } | undefined
  if (running.stdin && feed) pour(feed, running.stdin).catch((reason: unknown) => (feedFailure = { reason }))
  try {
    yield* running.output
    if (signal.aborted) return
    const exit = await running.exited
    // It may be why ffmpeg failed as well; a call that was ended meanwhile has no use for it.
    if (feedFailure && !signal.aborted) throw feedFailure.reason
    if (exit.code === 0) return
    const reason = failureReason(exit.lastLines, input.input) ?? `exit status ${exit.code ?? exit.signal}`
    const describe =
      options.describeFailure ?? ((why) => `ffmpeg stopped reading the sound of "${name}": ${why}`)
    throw new SourceError('ERR_SOURCE_FAILED', describe(reason))
  } finally {
    signal.removeEventListener('abort', onAbort)
    await running.kill()
  }
}
