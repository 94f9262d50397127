import type { Envelope, SourceError } from '@zcast/shared'
import type { SoundFileSource, SoundFileOptions } from '@zcast/publisher/audio'
import type { VideoFileSource } from '@zcast/publisher/video'

interface AnyReel {
  readonly id: string
  /** For people. */
  readonly name: string
  /** `undefined` where it is not known: it ends with its pictures. */
  readonly seconds: number | undefined
}

/** A film that can be put on air. */
export interface FilmReel extends AnyReel {
  readonly kind: 'film'
  readonly hasSound: boolean
  /** Whether its pictures are kept for the next time. */
  readonly isKept: boolean
  /** Opens its pictures, once. @throws {@link SourceError} when its file is not what it was, or cannot be read. */
  openPictures(): Promise<VideoFileSource>
  /** Opens its sound, which follows a timeline; `undefined` where it has none. */
  openSound(
    options: Required<Pick<SoundFileOptions, 'timeline' | 'first' | 'signal'>>,
  ): Promise<SoundFileSource | undefined>
  /** Says in one sentence, without the folder's path, why it cannot be shown, and opens it anew next time. */
  fail(error: SourceError): string
}

/** What a subscriber gives, as far as a live stream needs it. */
export interface LiveFeed extends AsyncIterable<Envelope> {
  pause(): void
  resume(): void
  close(): Promise<void>
}

/** A live stream that can be put on air. It has no places: it is always now. */
export interface LiveReel extends AnyReel {
  readonly kind: 'live'
  /** Subscribes to its pictures, or its sound. */
  open(kind: 'video' | 'audio'): Promise<LiveFeed>
}

/** What can be put on air. */
export type Reel = FilmReel | LiveReel
