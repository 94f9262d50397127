/**
 * Pictures in and out: ffmpeg for clips (fluent-ffmpeg, used nowhere else) and sharp for single pictures (used nowhere
 * else). A subpath export of its own, so that a client of numbers loads neither.
 */
export {
  KEPT_STREAM_INPUT,
  LISTED_PLAYLIST_INPUT,
  LISTED_RTSP_INPUT,
  LOCAL_INPUT_OPTIONS,
  localInput,
  STREAM_INPUT,
} from './allowed-inputs.ts'
export { alphaDecoder, colourWarning } from './colour-corrections.ts'
export { asShown, isOtherThan } from './as-shown.ts'
export { describeFfmpeg, findFfmpeg, locateFfmpeg, type Ffmpeg } from './find-ffmpeg.ts'
export { dimJpeg } from './dim-jpeg.ts'
export { ffmpegQualityOptions } from './jpeg-quality.ts'
export * from './index-at-end.ts'
export * from './decode-picture.ts'
export * from './jpeg.ts'
export * from './prepare-jpeg.ts'
export * from './live.ts'
export { mendJpeg, type MendedJpeg } from './mend-jpeg.ts'
export * from './mjpeg-stream.ts'
export * from './motion-jpeg.ts'
export type { VideoDescription } from './parse-probe.ts'
export * from './picture-filters.ts'
export * from './picture-format.ts'
export * from './probe-video.ts'
export { findPicture } from './find-picture.ts'
export { lastPictureSeconds } from './last-picture.ts'
export { showPictures } from './show-pictures.ts'
export type { ShownPicture } from './read-showinfo.ts'
export { canSeek, readFrom, waysIn, type WayIn } from './ways-in.ts'
export type { RawPicture } from './raw-picture.ts'
export { toNumber, toRational, type Rational } from './rational.ts'
export * from './picture-window.ts'
export * from './video-recorder.ts'
