import type { VideoInfo } from '@zcast/media'

/** A picture of a clip, and its time. */
export interface TimedPicture {
  /** Its number within the pass, from 0; pictures that are left out are counted too. */
  readonly index: number
  /** Seconds from the first picture of the pass. */
  readonly at: number
}

/** The place to continue from in a pass. */
export interface ClipPlace {
  /** A picture that was read before: the next one itself, or the one before it. */
  readonly known: TimedPicture
  /** The number of the next picture. */
  readonly next: number
}

/** A part of a clip whose pictures are all of one size and format. */
export interface ClipSegment {
  /** The number of its first picture. */
  readonly index: number
  /** The time of its first picture: seconds from the start of the file. */
  readonly position: number
  /** The description of its pictures. */
  readonly video: VideoInfo
}

/** The position of a picture in the file. */
export interface FilePlace {
  readonly index: number
  /** Seconds from the start of the file. */
  readonly position: number
}
