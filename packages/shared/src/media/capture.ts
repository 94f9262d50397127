import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { SourceError } from '../errors.ts'
import { hideSecrets } from '../security/hide-secrets.ts'
import { failureReason } from './failure-reason.ts'
import { startFfmpeg, type FfmpegExit } from './ffmpeg.ts'
import { findFfmpeg } from './find-ffmpeg.ts'
import type { RawPicture } from './jpeg.ts'
import { JpegSplitter } from './jpeg-splitter.ts'
import { PpmSplitter } from './ppm-splitter.ts'

/** One captured picture: a JPEG as the device made it, or decoded pixels. */
export type CapturedPicture = { readonly jpeg: Uint8Array } | RawPicture

/** What {@link capture} reads, and how. */
export interface CaptureOptions {
  /** What follows `-i`; `pipe:0` reads `feed`. */
  readonly input: string
  /** How errors name the input; without credentials. */
  readonly name: string
  /** What stands before `-i`; formats as plain `-f`. */
  readonly inputOptions: readonly string[]
  /** What `pipe:0` gives: bytes of a container, or a text. */
  readonly feed?: AsyncIterable<Uint8Array> | string | undefined
  /** Whether the input is Motion JPEG whose pictures are to pass untouched. Default false: they are decoded. */
  readonly copy?: boolean | undefined
  /** Called for each copied picture that is left out because it is damaged. */
  readonly onDamage?: (() => void) | undefined
  /** Pixels; the height follows. Default: as captured. Not for copied pictures. */
  readonly width?: number | undefined
  /** Pictures a second to convert to. Default: as captured. Not for copied pictures. */
  readonly framesPerSecond?: number | undefined
}

/**
 * Captures with ffmpeg, which has no part in the encoding: pictures come out decoded, so that the reader may leave some
 * out before they cost an encoder's time, knows how many, and how old each is. A copy of 1080p through a pipe takes
 * less than the encoder it may save.
 *
 * ffmpeg waits while none is taken, so read eagerly. Leaving the loop, or aborting, ends ffmpeg first.
 *
 * @throws {@link SourceError} `ERR_FFMPEG`, or `ERR_SOURCE_FAILED` when it failed after what came; a stream that just
 *   ends does not throw.
 */
export async function* capture(
  options: CaptureOptions,
  signal: AbortSignal,
): AsyncGenerator<CapturedPicture> {
  const ffmpeg = await findFfmpeg()
  if (signal.aborted) return
  const running = await startFfmpeg(ffmpeg.path, {
    input: options.input,
    inputOptions: ['-hide_banner', '-nostdin', '-loglevel', 'error', ...LOW_DELAY, ...options.inputOptions],
    outputOptions: [
      '-map',
      '0:V:0',
      '-an',
      ...(options.copy ? ['-c:v', 'copy', '-f', 'mjpeg'] : rawOptions(options, ffmpeg.passthroughOptions)),
      '-flush_packets',
      '1',
    ],
  })
  const onAbort = (): void => void running.kill()
  signal.addEventListener('abort', onAbort)
  if (signal.aborted) onAbort()
  const feeding = feed(running.stdin, options.feed)
  const splitter = options.copy ? new JpegSplitter() : new PpmSplitter()
  let damaged = 0
  try {
    for await (const chunk of running.output) {
      const pictures = splitter.push(chunk)
      if ('damaged' in splitter) for (; damaged < splitter.damaged; damaged++) options.onDamage?.()
      for (const picture of pictures) {
        if (signal.aborted) return
        yield 'pixels' in picture ? picture : { jpeg: picture }
      }
    }
    if (signal.aborted) return
    const exit = await running.exited
    if (exit.code !== 0) throw failure(exit, options, ffmpeg.bundled)
  } finally {
    signal.removeEventListener('abort', onAbort)
    await running.kill()
    await feeding
  }
}

// Probing less than ffmpeg's default of 5 s, which a viewer would wait for. Without -fflags nobuffer, which throws away
// what was read for probing, up to the whole of a short clip: what is read late is left out by the reader anyway.
const LOW_DELAY = ['-analyzeduration', '1000000', '-flags', 'low_delay']

function rawOptions(options: CaptureOptions, passthrough: readonly string[]): string[] {
  const { width, framesPerSecond } = options
  const filters = [
    ...(framesPerSecond === undefined ? [] : [`fps=${framesPerSecond}`]),
    // Pixels that are not square are made so, as players do.
    width === undefined ? 'scale=max(1\\,round(iw*sar)):ih' : `scale=${width}:max(1\\,round(${width}/dar))`,
    'setsar=1',
    'format=rgb24',
  ]
  // One thread: with more, the encoder would hold back as many pictures.
  const encoder = ['-c:v', 'ppm', '-threads', '1', '-f', 'image2pipe']
  return [...(framesPerSecond === undefined ? passthrough : []), '-vf', filters.join(','), ...encoder]
}

async function feed(stdin: Writable | null, bytes: CaptureOptions['feed']): Promise<void> {
  if (!stdin || bytes === undefined) {
    stdin?.end()
    return
  }
  try {
    for await (const chunk of typeof bytes === 'string' ? [Buffer.from(bytes)] : bytes) {
      if (!stdin.writable) return
      if (!stdin.write(chunk)) await drained(stdin)
    }
  } catch {
    // Whoever reads the bytes knows of it; to ffmpeg it is the end.
  } finally {
    stdin.end()
  }
}

async function drained(stdin: Writable): Promise<void> {
  const stop = new AbortController()
  const done = { signal: stop.signal }
  await Promise.race([once(stdin, 'drain', done), once(stdin, 'close', done)]).catch(() => undefined)
  stop.abort()
}

function failure(exit: FfmpegExit, { name, input }: CaptureOptions, bundled: boolean): SourceError {
  const crashed = exit.signal === 'SIGSEGV' && bundled
  const reason = crashed
    ? 'the ffmpeg that npm installed crashed, as it does on host names; install ffmpeg so that it is in PATH'
    : (failureReason(exit.lastLines, input) ?? `exit status ${exit.code ?? exit.signal}`)
  return new SourceError('ERR_SOURCE_FAILED', `cannot capture from "${name}": ${hideSecrets(reason)}`)
}
