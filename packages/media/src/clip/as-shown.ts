import type { VideoDescription } from '../probe/parse-probe.ts'
import type { ShownPicture } from '../probe/read-showinfo.ts'

/** Whether a picture of a clip has another size or format than its description says. */
export function isOtherThan({ width, height, pixelFormat }: ShownPicture, video: VideoDescription): boolean {
  return width !== video.decodedWidth || height !== video.height || pixelFormat !== video.pixelFormat
}

/** The description of a clip from one of its pictures on. */
export function asShown<T extends VideoDescription>(video: T, picture: ShownPicture): T {
  const { pixelFormat, range, matrix, width, height, aspect } = picture
  const size = { decodedWidth: width, height, width: Math.max(1, Math.round(width * aspect)) }
  return { ...video, pixelFormat, range, matrix, ...size }
}
