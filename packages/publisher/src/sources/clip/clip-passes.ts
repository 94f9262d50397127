import { SourceError } from '@zcast/shared'
import type { ClipPlace } from './clip-place.ts'

/** A picture of a clip. */
export interface ClipPicture {
  /** The output that it is: `''`, or a rendition's name. */
  readonly output: string
  /** Its number within the pass, from 0. */
  readonly index: number
  /** When it is shown, in seconds from the first picture of the pass. */
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
  /** Asked after each pass whether there is to be another one. */
  readonly again: () => boolean
  /** How errors name the clip. */
  readonly name: string
  /** Where the first pass begins. Default: with its first picture. */
  readonly from?: ClipPlace | undefined
  /** What is wrong with a clip without pictures, and what to do. Default: check the file. */
  readonly whyEmpty?: (() => string | undefined) | undefined
}

/**
 * The pictures of a clip, pass after pass.
 *
 * @param readPass - Starts a pass: the clip's pictures from the given place to the last.
 * @throws {@link SourceError} `ERR_SOURCE_FAILED` when a whole pass has no picture; what `readPass` throws.
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
      // Beginning again would start one process after another, for nothing.
      const reason = options.whyEmpty?.() ?? 'has no pictures any more: check the file'
      throw new SourceError('ERR_SOURCE_FAILED', `"${options.name}" ${reason}`)
    }
    from = undefined
  } while (options.again())
}
