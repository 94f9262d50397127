/** Sources of sound. A subpath export of its own, so that a publisher without sound loads nothing of it. */
export { OpusSource } from './sources/audio/opus-source.ts'
export { type SoundFileOptions, SoundFileSource } from './sources/audio/sound-file-source.ts'
export { parseSoundSource, type SoundOpening } from './sources/audio/sound-sources.ts'
export { type ToneOptions, ToneSource } from './sources/audio/tone-source.ts'
