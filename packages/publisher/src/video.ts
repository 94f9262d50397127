/** Sources of video. A subpath export of its own, so that a publisher of numbers does not load sharp. */
export * from './sources/pattern-source.ts'
export * from './sources/video-file-source.ts'
