import type { SourceError } from '@zcast/shared'
import type { CapturedPicture } from '@zcast/media'

/** What an input tells besides its pictures. */
export interface LiveEvents {
  /**
   * A picture was left out.
   *
   * @param reason - A clause about "it".
   */
  badPicture(reason: string): void
}

/** Something that gives pictures in its own time: a camera, a screen, a stream. */
export interface LiveInput {
  /** How a person knows it; secrets are left out. */
  readonly name: string
  /** Whether its end is final, as that of standard input. Default false: it can be opened again. */
  readonly once?: boolean | undefined
  /**
   * Finds out whether it is there, without opening it; left out where only opening it can tell.
   *
   * @returns What is missing.
   */
  findMissing?(): Promise<SourceError | undefined>
  /**
   * Opens it and gives its pictures as they come. Leaving the loop or aborting frees everything.
   *
   * @throws {@link SourceError} when it cannot be opened, or dies. An input that just ends does not throw.
   */
  open(signal: AbortSignal, events?: LiveEvents): AsyncIterable<CapturedPicture>
}
