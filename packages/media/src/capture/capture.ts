import { type Log, type PictureSize, SourceError } from '@zcast/shared'
import { hideSecrets } from '@zcast/shared/internal'
import { alsoSound } from '../ffmpeg/allowed-inputs.ts'
import { colourWarning } from '../colours/colour-corrections.ts'
import { failureReason } from '../ffmpeg/failure-reason.ts'
import { startFfmpeg } from '../ffmpeg/ffmpeg.ts'
import type { ProcessExit } from '../ffmpeg/process-exit.ts'
import { findFfmpeg, type Ffmpeg } from '../ffmpeg/find-ffmpeg.ts'
import type { RawPicture } from '../jpeg/raw-picture.ts'
import { JpegSplitter } from '../jpeg/jpeg-splitter.ts'
import { PpmSplitter } from '../jpeg/ppm-splitter.ts'
import { rawConversion, type RawConversion } from '../colours/raw-conversion.ts'
import { ReplayedFeed } from './replayed-feed.ts'
import { CapturedSound, soundOutput, type SoundReceiver, tellTimes, whyNoSound } from './captured-sound.ts'
import { StreamDescription } from '../probe/stream-description.ts'

/** One captured picture: a JPEG, or decoded pixels. */
export type CapturedPicture = (CapturedJpeg | RawPicture) & {
  /** When it was due, in seconds since the Unix epoch. Default: unknown, so that it is taken to be from now. */
  readonly time?: number
}

/** A JPEG, exactly as the device made it. */
export interface CapturedJpeg {
  readonly jpeg: Uint8Array
  /**
   * The picture's size, when it has been checked and already has the requested width and quality. Default: unchecked.
   */
  readonly prepared?: PictureSize | undefined
}

/** The input of {@link capture}, and how it is read. */
export interface CaptureOptions {
  /** The argument of `-i`; `pipe:0` reads `feed`. */
  readonly input: string
  /** The input's name in errors; without credentials. */
  readonly name: string
  /** Options before `-i`; formats as plain `-f`. */
  readonly inputOptions: readonly string[]
  /** The bytes that `pipe:0` reads: a container, or a text. */
  readonly feed?: AsyncIterable<Uint8Array> | string | undefined
  /** True when the input is Motion JPEG whose pictures are passed on unchanged. Default false: they are decoded. */
  readonly copy?: boolean | undefined
  /** Called for each copied picture that is left out because it is damaged. */
  readonly onDamage?: (() => void) | undefined
  /** True for a device, whose pictures are opaque whatever their format says. Default false: a stream. */
  readonly isDevice?: boolean | undefined
  /** Receives the warning that colours come out wrong. Default: no warning. */
  readonly log?: Log | undefined
  /** Takes the sound of a stream, if it has some that can be read. Not for copied pictures. Default: it is not read. */
  readonly sound?: SoundReceiver | undefined
  /** Pixels; the height follows. Default: as captured, with square pixels. Not for copied pictures. */
  readonly width?: number | undefined
  /** Pictures per second to convert to. Default: as captured. Not for copied pictures. */
  readonly framesPerSecond?: number | undefined
}

/**
 * Captures with ffmpeg, which does not encode: pictures come out decoded, so that the reader can skip some before they
 * cost encoding time, and knows how many were skipped and how old each one is. Copying a 1080p picture through a pipe
 * takes less time than the encoding it may save.
 *
 * The stream's format is known once ffmpeg has opened it. When its colours need another conversion, ffmpeg is restarted
 * with that conversion before the first picture.
 *
 * ffmpeg waits while no picture is taken, so read eagerly. Leaving the loop, or aborting, ends ffmpeg first.
 *
 * @throws {@link SourceError} `ERR_FFMPEG`, or `ERR_SOURCE_FAILED` when ffmpeg failed, after the pictures that came
 *   before; a stream that simply ends does not throw.
 */
export async function* capture(
  options: CaptureOptions,
  signal: AbortSignal,
): AsyncGenerator<CapturedPicture> {
  const ffmpeg = await findFfmpeg()
  const feed = options.feed === undefined ? undefined : new ReplayedFeed(chunksOf(options.feed))
  let attempt: Attempt | undefined = { conversion: rawConversion(options, ffmpeg), sound: options.sound }
  while (attempt) attempt = yield* runOnce(options, ffmpeg, attempt, feed, signal)
}

/** One way to read an input. */
interface Attempt {
  readonly conversion: RawConversion
  readonly sound: SoundReceiver | undefined
}

/** @returns Before any picture, another way to read the stream, when it needs another conversion or has no sound. */
async function* runOnce(
  options: CaptureOptions,
  ffmpeg: Ffmpeg,
  { conversion, sound: receiver }: Attempt,
  feed: ReplayedFeed | undefined,
  signal: AbortSignal,
): AsyncGenerator<CapturedPicture, Attempt | undefined> {
  if (signal.aborted) return undefined
  const { copy = false, isDevice = false, name, log } = options
  const decides = !copy && !isDevice && !conversion.isChosen
  const description = decides ? new StreamDescription() : undefined
  const sound = receiver && new CapturedSound(receiver)
  const running = await startFfmpeg(ffmpeg.path, {
    input: options.input,
    inputOptions: [
      '-hide_banner',
      '-nostdin',
      '-nostats',
      '-loglevel',
      decides || sound ? 'level+info' : 'error',
      ...LOW_DELAY,
      ...conversion.decoder,
      ...(sound ? alsoSound(options.inputOptions) : options.inputOptions),
    ],
    outputOptions: [
      ...(receiver ? soundOutput(receiver) : []),
      '-map',
      '0:V:0',
      '-an',
      ...(copy
        ? ['-c:v', 'copy', '-f', 'mjpeg']
        : rawOptions(options, ffmpeg, conversion, sound !== undefined)),
      '-flush_packets',
      '1',
    ],
    onNotice: (line) => {
      description?.read(line)
      sound?.read(line)
    },
    onSecond: sound && ((chunk) => sound.take(chunk)),
  })
  const onAbort = (): void => void running.kill()
  signal.addEventListener('abort', onAbort)
  if (signal.aborted) onAbort()
  if (running.stdin && feed) void feed.pour(running.stdin)
  else running.stdin?.end()
  if (!decides && !sound) feed?.release()
  const splitter = copy ? new JpegSplitter() : new PpmSplitter()
  let damaged = 0
  let isFirst = true
  try {
    for await (const chunk of running.output) {
      if (isFirst && description) {
        const video = await description.whenRead()
        const better = video && rawConversion(options, ffmpeg, video)
        if (better?.isChosen && (feed?.isWhole ?? true)) return { conversion: better, sound: receiver }
        const warning = video && colourWarning(video, ffmpeg, name)
        if (warning) log?.warning(warning)
      }
      if (isFirst) feed?.release()
      isFirst = false
      const pictures = splitter.push(chunk)
      if ('damaged' in splitter) for (; damaged < splitter.damaged; damaged++) options.onDamage?.()
      for (const picture of pictures) {
        if (signal.aborted) return undefined
        const time = sound?.picture()
        const captured = 'pixels' in picture ? picture : { jpeg: picture }
        yield time === undefined ? captured : { ...captured, time }
      }
    }
    if (signal.aborted) return undefined
    const exit = await running.exited
    const silent = receiver && isFirst && (feed?.isWhole ?? true) ? whyNoSound(exit.lastLines) : undefined
    if (silent !== undefined) {
      receiver?.missing(silent)
      return { conversion, sound: undefined }
    }
    if (exit.code !== 0) throw failure(exit, options, ffmpeg.bundled)
    return undefined
  } finally {
    signal.removeEventListener('abort', onAbort)
    await running.kill()
  }
}

// Probes for less than ffmpeg's default of 5 s, for which a viewer would wait. Not with -fflags nobuffer, which
// discards what was read for probing, up to the whole of a short clip; the reader skips late pictures anyway.
const LOW_DELAY = ['-analyzeduration', '1000000', '-flags', 'low_delay']

function rawOptions(
  { framesPerSecond }: CaptureOptions,
  ffmpeg: Ffmpeg,
  { filters }: RawConversion,
  hasSound: boolean,
): string[] {
  // One thread: with more, the encoder would hold back one picture per thread.
  const encoder = ['-c:v', 'ppm', '-threads', '1', '-f', 'image2pipe']
  const passthrough = framesPerSecond === undefined || hasSound ? ffmpeg.passthroughOptions : []
  const told = hasSound ? [...filters, tellTimes(ffmpeg)] : filters
  return [...passthrough, '-vf', told.join(','), ...encoder]
}

async function* chunksOf(feed: AsyncIterable<Uint8Array> | string): AsyncGenerator<Uint8Array> {
  if (typeof feed === 'string') yield Buffer.from(feed)
  else yield* feed
}

function failure(exit: ProcessExit, { name, input }: CaptureOptions, bundled: boolean): SourceError {
  const crashed = exit.signal === 'SIGSEGV' && bundled
  const reason = crashed
    ? 'the ffmpeg that npm installed crashed, as it does on host names; install ffmpeg so that it is in PATH'
    : (failureReason(exit.lastLines, input) ?? `exit status ${exit.code ?? exit.signal}`)
  return new SourceError('ERR_SOURCE_FAILED', `cannot capture from "${name}": ${hideSecrets(reason)}`)
}
