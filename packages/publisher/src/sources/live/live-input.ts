import type { SourceError } from '@zcast/shared'
import type { CapturedPicture, SoundReceiver } from '@zcast/media'

/** The events of an input besides its pictures. */
export interface LiveEvents {
  /**
   * A picture was left out.
   *
   * @param reason - A clause about "it".
   */
  badPicture(reason: string): void
  /** Takes the sound beside the pictures, or is told that there is none. Default: it is not read. */
  readonly sound?: SoundReceiver | undefined
}

/** Something that produces pictures in its own time: a camera, a screen, a stream. */
export interface LiveInput {
  /** Its name for people, without secrets. */
  readonly name: string
  /** True when its end is final, as for standard input. Default false: it can be opened again. */
  readonly once?: boolean | undefined
  /**
   * Checks whether it is there without opening it; omitted when only opening it can tell.
   *
   * @returns The error that says what is missing.
   */
  findMissing?(): Promise<SourceError | undefined>
  /**
   * Opens it and yields its pictures as they come. Leaving the loop or aborting frees everything.
   *
   * @throws {@link SourceError} when it cannot be opened, or fails. An input that simply ends does not throw.
   */
  open(signal: AbortSignal, events?: LiveEvents): AsyncIterable<CapturedPicture>
}
