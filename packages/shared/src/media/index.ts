/**
 * Pictures in and out: ffmpeg for clips (fluent-ffmpeg, used nowhere else) and sharp for single pictures (used nowhere
 * else). A subpath export of its own, so that a client of numbers loads neither.
 */
export { alphaDecoder, colourWarning } from './colour-corrections.ts'
export { describeFfmpeg, findFfmpeg, locateFfmpeg, type Ffmpeg } from './find-ffmpeg.ts'
export { dimJpeg } from './dim-jpeg.ts'
export { ffmpegQualityOptions } from './jpeg-quality.ts'
export * from './jpeg.ts'
export * from './prepare-jpeg.ts'
export * from './live.ts'
export { mendJpeg, type MendedJpeg } from './mend-jpeg.ts'
export * from './mjpeg-stream.ts'
export * from './motion-jpeg.ts'
export * from './mpjpeg-splitter.ts'
export type { VideoDescription } from './parse-probe.ts'
export * from './picture-filters.ts'
export * from './picture-format.ts'
export * from './probe-video.ts'
export { toNumber, toRational, type Rational } from './rational.ts'
export * from './picture-window.ts'
export * from './video-recorder.ts'
