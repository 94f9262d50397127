import type { SourceError } from '@zcast/shared'
import type { SoundFileSource, SoundFileOptions } from '@zcast/publisher/audio'
import type { VideoFileSource } from '@zcast/publisher/video'

/** A film that can be put on air. */
export interface FilmReel {
  readonly kind: 'film'
  readonly id: string
  /** For people. */
  readonly name: string
  /** `undefined` where it is not known: it ends with its pictures. */
  readonly seconds: number | undefined
  readonly hasSound: boolean
  /** Opens its pictures, once. @throws {@link SourceError} in one sentence that names it as people know it. */
  openPictures(): Promise<VideoFileSource>
  /** Opens its sound, which follows a timeline; `undefined` where it has none. */
  openSound(
    options: Required<Pick<SoundFileOptions, 'timeline' | 'first' | 'signal'>>,
  ): Promise<SoundFileSource | undefined>
  /** Says in one sentence, without the folder's path, why it cannot be shown, and opens it anew next time. */
  fail(error: SourceError): string
}

/** What can be put on air. */
export type Reel = FilmReel
