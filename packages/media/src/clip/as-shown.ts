import type { VideoDescription } from '../probe/parse-probe.ts'
import type { ShownPicture } from '../probe/read-showinfo.ts'

/** True when a picture of a clip has a different size or format from the clip's description. */
export function isOtherThan({ width, height, pixelFormat }: ShownPicture, video: VideoDescription): boolean {
  return width !== video.decodedWidth || height !== video.height || pixelFormat !== video.pixelFormat
}

/** The description of a clip, with the format of one of its pictures. */
export function asShown<T extends VideoDescription>(video: T, picture: ShownPicture): T {
  const { pixelFormat, range, matrix, width, height, aspect } = picture
  const size = { decodedWidth: width, height, width: Math.max(1, Math.round(width * aspect)) }
  return { ...video, pixelFormat, range, matrix, ...size }
}
