/** Sources of video. A separate subpath export, so that a publisher of numbers does not load sharp. */
export { ClipCache, DEFAULT_CACHE_BYTES, type ClipCacheOptions } from './sources/clip/cache/clip-cache.ts'
export { type ClipMoment, ClipTimeline } from './sources/clip/clip-timeline.ts'
export { type PatternOptions, PatternSource } from './sources/pattern-source.ts'
export type { ClipPicture } from './sources/clip/clip-passes.ts'
export {
  type ClipPicturesOptions,
  type VideoFileOptions,
  VideoFileSource,
} from './sources/video-file-source.ts'
export {
  type LiveSoundOptions,
  LiveSoundSource,
  LiveSource,
  type PictureFiles,
  type SourceListener,
  TrustedCertificates,
} from './sources/live/index.ts'
export {
  type LiveOpening,
  type LiveVideoOptions,
  parseVideoSource,
  type VideoSourceSpec,
} from './sources/video-sources.ts'
