import type { VideoInfo } from '@zcast/media'

/** A picture of a clip, and when it is shown. */
export interface TimedPicture {
  /** Its number within the pass, from 0; pictures that are left out are counted. */
  readonly index: number
  /** Seconds from the first picture of the pass. */
  readonly at: number
}

/** Where to go on in a pass. */
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
  /** When its first picture is shown: seconds from the file's begin. */
  readonly position: number
  /** What its pictures are. */
  readonly video: VideoInfo
}

/** Where a picture is in the file. */
export interface FilePlace {
  readonly index: number
  /** Seconds from the file's begin. */
  readonly position: number
}
