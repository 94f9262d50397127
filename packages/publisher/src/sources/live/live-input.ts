import type { CapturedPicture } from '@zcast/shared/media'

/** Something that gives pictures in its own time: a camera, a screen, a stream. */
export interface LiveInput {
  /** How a person knows it; credentials are left out. */
  readonly name: string
  /** Whether its end is final, as that of standard input. Default false: it can be opened again. */
  readonly once?: boolean | undefined
  /**
   * Opens it and gives its pictures as they come. Leaving the loop or aborting frees everything.
   *
   * @throws {@link SourceError} when it cannot be opened, or dies. An input that just ends does not throw.
   */
  open(signal: AbortSignal): AsyncIterable<CapturedPicture>
}
