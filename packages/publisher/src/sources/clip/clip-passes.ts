import { SourceError } from '@zcast/shared'
import type { ClipPlace } from './clip-place.ts'

/** A picture of a clip. */
export interface ClipPicture {
  /** Its output: `''`, or a rendition's name. */
  readonly output: string
  /** Its number within the pass, from 0. */
  readonly index: number
  /** Its display time, in seconds from the first picture of the pass. */
  readonly at: number
  /** Pixels. */
  readonly width: number
  /** Pixels. */
  readonly height: number
  /** One complete JPEG picture. */
  readonly data: Uint8Array
}

/** Options of {@link clipPasses}. */
export interface ClipPassesOptions {
  /** Returns true after a pass when there is to be another one. */
  readonly again: () => boolean
  /** The clip's name in errors. */
  readonly name: string
  /** The place where the first pass begins. Default: its first picture. */
  readonly from?: ClipPlace | undefined
  /** Returns what is wrong with a clip without pictures, and what to do. Default: check the file. */
  readonly whyEmpty?: (() => string | undefined) | undefined
}

/**
 * The pictures of a clip, pass after pass.
 *
 * @param readPass - Starts a pass: the clip's pictures from the given place to the last.
 * @throws {@link SourceError} `ERR_SOURCE_FAILED` when a whole pass has no picture; any error of `readPass`.
 */
export async function* clipPasses(
  readPass: (from: ClipPlace | undefined) => AsyncIterable<ClipPicture>,
  options: ClipPassesOptions,
): AsyncGenerator<ClipPicture> {
  let from = options.from
  do {
    let pictures = 0
    for await (const picture of readPass(from)) {
      pictures++
      yield picture
    }
    if (pictures === 0 && !from) {
      // Starting over would only start one process after another, in vain.
      const reason = options.whyEmpty?.() ?? 'no longer has any pictures: check the file'
      throw new SourceError('ERR_SOURCE_FAILED', `"${options.name}" ${reason}`)
    }
    from = undefined
  } while (options.again())
}
