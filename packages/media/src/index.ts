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
export { findFfplay } from './ffmpeg/find-ffplay.ts'
export { dimJpeg } from './jpeg/dim-jpeg.ts'
export { ffmpegQualityOptions } from './jpeg/jpeg-quality.ts'
export { findIndexPlace, MOVE_INDEX_ADVICE } from './probe/index-at-end.ts'
export { decodePicture } from './jpeg/decode-picture.ts'
export {
  decodeJpeg,
  type DecodeOptions,
  encodeJpeg,
  hasAllData,
  resizeJpeg,
  type ResizeOptions,
  resizeToRgb,
  type ResizeToRgbOptions,
} from './jpeg/jpeg.ts'
export { type JpegWishes, prepareJpeg, type SizedJpeg } from './jpeg/prepare-jpeg.ts'
export {
  cameraInput,
  camerasGiveJpeg,
  type CaptureInput,
  type CaptureWishes,
  screenInput,
} from './capture/capture-inputs.ts'
export { capture, type CapturedJpeg, type CapturedPicture, type CaptureOptions } from './capture/capture.ts'
export type { SoundReceiver } from './capture/captured-sound.ts'
export { type CaptureDevice, listDevices } from './capture/list-devices.ts'
export { JpegSplitter } from './jpeg/jpeg-splitter.ts'
export { mendJpeg, type MendedJpeg } from './jpeg/mend-jpeg.ts'
export { type MjpegStream, type MjpegStreamOptions, openMjpegStream } from './clip/mjpeg-stream.ts'
export { copiesAsJpeg, trimJpegPadding } from './clip/motion-jpeg.ts'
export type { VideoDescription } from './probe/parse-probe.ts'
export { pictureFilters, type PictureOptions, pictureSize } from './clip/picture-filters.ts'
export { detectPictureFormat, FORMAT_BYTES, type PictureFormat, READ_FORMATS } from './jpeg/picture-format.ts'
export { probeVideo, type VideoInfo } from './probe/probe-video.ts'
export { findPicture } from './probe/find-picture.ts'
export { lastPictureSeconds } from './probe/last-picture.ts'
export { showPictures } from './probe/show-pictures.ts'
export type { ShownPicture } from './probe/read-showinfo.ts'
export { canSeek, readFrom, waysIn, type WayIn } from './probe/ways-in.ts'
export type { RawPicture } from './jpeg/raw-picture.ts'
export { toNumber, toRational, type Rational } from './probe/rational.ts'
export { writeAacFile } from './audio/aac-file.ts'
export * from './audio.ts'
export { PictureWindow, type PictureWindowOptions } from './out/picture-window.ts'
export { type RecordingFormat, VideoRecorder, type VideoRecorderOptions } from './out/video-recorder.ts'
