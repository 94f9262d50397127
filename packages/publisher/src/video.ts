/** Sources of video. A subpath export of its own, so that a publisher of numbers does not load sharp. */
export { ClipCache, DEFAULT_CACHE_BYTES, type ClipCacheOptions } from './sources/clip/cache/clip-cache.ts'
export * from './sources/pattern-source.ts'
export * from './sources/renditions.ts'
export * from './sources/video-file-source.ts'
export * from './sources/live/index.ts'
export * from './sources/video-sources.ts'
