import { localInput, LOCAL_INPUT_OPTIONS } from '../ffmpeg/allowed-inputs.ts'
import { findFfmpeg } from '../ffmpeg/find-ffmpeg.ts'
import { toNumber } from './rational.ts'
import type { VideoInfo } from './probe-video.ts'
import { runFfmpeg } from '../ffmpeg/run-ffmpeg.ts'

const TAIL_SECONDS = 10
const LONGEST_SECONDS = 300

/**
 * The duration of a clip's last picture, in seconds: the container's value, otherwise the average of its pictures.
 * Reads the end of the file without decoding it.
 *
 * @throws the signal's reason when it aborts.
 */
export async function lastPictureSeconds(
  video: VideoInfo,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<number> {
  const average = 1 / toNumber(video.framesPerSecond)
  if (video.constantRate) return average
  const { path } = await findFfmpeg()
  // ffmpeg cannot seek from the end of a file of unknown length, so all of it is read.
  const tail = video.duration === undefined ? [] : ['-sseof', String(-TAIL_SECONDS)]
  const input = [...LOCAL_INPUT_OPTIONS, ...tail, '-i', localInput(video.path)]
  const copy = ['-map', `0:${video.stream}`, '-c', 'copy', '-f', 'framecrc', 'pipe:1']
  const { stdout } = await runFfmpeg(
    path,
    ['-hide_banner', '-nostdin', '-loglevel', 'error', ...input, ...copy],
    options,
  )
  const [, over, under] = /^#tb 0: (\d+)\/(\d+)$/m.exec(stdout) ?? []
  let last = { pts: -Infinity, duration: 0 }
  for (const [, pts, duration] of stdout.matchAll(/^0, *-?\d+, *(-?\d+), *(\d+),/gm)) {
    if (Number(pts) > last.pts) last = { pts: Number(pts), duration: Number(duration) }
  }
  const seconds = (last.duration * Number(over)) / Number(under)
  return seconds > 0 && seconds <= LONGEST_SECONDS ? seconds : average
}
