import { resolve } from 'node:path'
import { SourceError } from '@zcast/shared'
import { localInput, LOCAL_INPUT_OPTIONS } from '../ffmpeg/allowed-inputs.ts'
import { checkFile } from './check-file.ts'
import { chooseStream, listVideoStreams } from './choose-stream.ts'
import { failureReason, isCutShort } from '../ffmpeg/failure-reason.ts'
import { findFfmpeg } from '../ffmpeg/find-ffmpeg.ts'
import { parseProbe, type VideoDescription } from './parse-probe.ts'
import { runFfmpeg, type FfmpegOutcome } from '../ffmpeg/run-ffmpeg.ts'

/** A video file that has been opened, and one picture of which has been decoded. */
export interface VideoInfo extends VideoDescription {
  /** Absolute path. */
  readonly path: string
  /** Whether there is sound beside it. */
  readonly hasSound: boolean
}

/** A stream of sound in the description of the input. */
const SOUND = /^ +Stream #0:\d[^\n]*: Audio: /m

/** ffmpeg's message for an mp4 file without its index, which most files have at their end. */
const NO_INDEX = '] moov atom not found'

/**
 * Describes a video file. Decodes one picture of it, so that a broken file is detected here.
 *
 * @param path - The file, as the user wrote it; errors name it in this form.
 * @throws {@link SourceError} `ERR_SOURCE_MISSING` when there is no such file, `ERR_SOURCE_UNREADABLE` when it is not a
 *   video, or broken, `ERR_FFMPEG` when there is no ffmpeg; the signal's reason when it aborts.
 */
export async function probeVideo(
  path: string,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<VideoInfo> {
  await checkFile(path, 'video')
  const input = [...LOCAL_INPUT_OPTIONS, '-i', localInput(path)]
  // V leaves out cover pictures, which would turn any song into a video.
  let outcome = await decodeFirst(input, 'V:0', options)
  const streams = listVideoStreams(outcome.stderr)
  if (streams.length > 1) {
    const best = await chooseStream(streams, input, options)
    if (best !== streams[0]?.index) outcome = await decodeFirst(input, String(best), options)
  }
  const description = parseProbe(outcome.stdout, outcome.stderr)
  if (description) return { path: resolve(path), hasSound: SOUND.test(outcome.stderr), ...description }
  if (/matches no streams/.test(outcome.stderr)) {
    throw new SourceError('ERR_SOURCE_UNREADABLE', `there is no video in "${path}": give a video file`)
  }
  const reason = unreadableReason(outcome.stderr.split('\n'), path)
  throw new SourceError(
    'ERR_SOURCE_UNREADABLE',
    `cannot read "${path}" as a video (${reason ?? 'no picture in it could be decoded'}): give another file`,
  )
}

async function decodeFirst(
  input: readonly string[],
  stream: string,
  options: { readonly signal?: AbortSignal | undefined },
): Promise<FfmpegOutcome> {
  const { path } = await findFfmpeg()
  const output = ['-map', `0:${stream}`, '-vf', 'showinfo', '-frames:v', '1', '-f', 'framecrc', 'pipe:1']
  return runFfmpeg(path, ['-hide_banner', '-nostdin', '-nostats', ...input, ...output], options)
}

function unreadableReason(lines: readonly string[], path: string): string | undefined {
  if (isCutShort(lines)) return 'it is cut short'
  if (lines.some((line) => line.endsWith(NO_INDEX))) return 'it is cut short, or not a video'
  return failureReason(lines, localInput(path))
}
