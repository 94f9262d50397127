/**
 * Pictures in and out: ffmpeg for clips (fluent-ffmpeg, used nowhere else) and sharp for single pictures (used nowhere
 * else). A package of its own, so that numbers need neither.
 */
export {
  KEPT_STREAM_INPUT,
  LISTED_PLAYLIST_INPUT,
  LISTED_RTSP_INPUT,
  LOCAL_INPUT_OPTIONS,
  localInput,
  STREAM_INPUT,
} from './ffmpeg/allowed-inputs.ts'
export { alphaDecoder, colourWarning } from './colours/colour-corrections.ts'
export { asShown, isOtherThan } from './clip/as-shown.ts'
export { describeFfmpeg, findFfmpeg, locateFfmpeg, type Ffmpeg } from './ffmpeg/find-ffmpeg.ts'
export { dimJpeg } from './jpeg/dim-jpeg.ts'
export { ffmpegQualityOptions } from './jpeg/jpeg-quality.ts'
export * from './probe/index-at-end.ts'
export * from './jpeg/decode-picture.ts'
export * from './jpeg/jpeg.ts'
export * from './jpeg/prepare-jpeg.ts'
export * from './capture/capture-inputs.ts'
export * from './capture/capture.ts'
export * from './capture/list-devices.ts'
export * from './jpeg/huffman-tables.ts'
export * from './jpeg/jpeg-splitter.ts'
export * from './jpeg/ppm-splitter.ts'
export { mendJpeg, type MendedJpeg } from './jpeg/mend-jpeg.ts'
export * from './clip/mjpeg-stream.ts'
export * from './clip/motion-jpeg.ts'
export type { VideoDescription } from './probe/parse-probe.ts'
export * from './clip/picture-filters.ts'
export * from './jpeg/picture-format.ts'
export * from './probe/probe-video.ts'
export { findPicture } from './probe/find-picture.ts'
export { lastPictureSeconds } from './probe/last-picture.ts'
export { showPictures } from './probe/show-pictures.ts'
export type { ShownPicture } from './probe/read-showinfo.ts'
export { canSeek, readFrom, waysIn, type WayIn } from './probe/ways-in.ts'
export type { RawPicture } from './jpeg/raw-picture.ts'
export { toNumber, toRational, type Rational } from './probe/rational.ts'
export * from './out/picture-window.ts'
export * from './out/video-recorder.ts'
