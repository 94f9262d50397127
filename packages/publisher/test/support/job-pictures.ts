import { decodeJpeg, probeVideo, type VideoInfo } from '@zcast/media'
import { ClipJob } from '../../src/sources/clip/clip-job.ts'
import type { ClipPlace } from '../../src/sources/clip/clip-place.ts'
import { frameNumber } from './clips.ts'

/**
 * A pass over a clip: which picture of a generated clip each is, and when it is shown, in milliseconds.
 *
 * @param video - What is known of the clip. Default: it is looked at.
 */
export async function passOf(
  path: string,
  place?: ClipPlace,
  video?: VideoInfo,
): Promise<{ numbers: number[]; times: number[] }> {
  video ??= await probeVideo(path)
  const job = new ClipJob({
    name: path,
    video,
    width: undefined,
    rate: undefined,
    quality: 80,
    copy: undefined,
    start: 0,
    first: video.firstTime,
  })
  const pass = { numbers: [] as number[], times: [] as number[] }
  for await (const { at, jpeg } of job.pictures('', place, new AbortController().signal)) {
    pass.numbers.push(frameNumber((await decodeJpeg(jpeg)).pixels))
    pass.times.push(Math.round(at * 10_000) / 10)
  }
  return pass
}
