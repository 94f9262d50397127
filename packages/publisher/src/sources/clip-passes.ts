import { SourceError } from '@zcast/shared'

/** A picture of a clip. */
export interface ClipPicture {
  /** The output that it is: `''`, or a rendition's name. */
  readonly output: string
  /** Its number within the pass, from 0. */
  readonly index: number
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
  /** The picture with which the first pass begins. Default 0. */
  readonly from?: number | undefined
}

/**
 * The pictures of a clip, pass after pass.
 *
 * @param readPass - Starts a pass: the clip's pictures from the given one to the last.
 * @throws {@link SourceError} `ERR_SOURCE_FAILED` when a whole pass has no picture; what `readPass` throws.
 */
export async function* clipPasses(
  readPass: (from: number) => AsyncIterable<ClipPicture>,
  options: ClipPassesOptions,
): AsyncGenerator<ClipPicture> {
  let from = options.from ?? 0
  do {
    let pictures = 0
    for await (const picture of readPass(from)) {
      pictures++
      yield picture
    }
    if (pictures === 0 && from === 0) {
      // Beginning again would start one process after another, for nothing.
      throw new SourceError('ERR_SOURCE_FAILED', `"${options.name}" has no pictures any more: check the file`)
    }
    from = 0
  } while (options.again())
}
