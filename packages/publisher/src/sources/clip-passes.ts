import { SourceError } from '@zcast/shared'

/** A picture of a clip. */
export interface ClipPicture {
  /** The output that it is: `''`, or a rendition's name. */
  readonly output: string
  /** Its number within the pass, from 0. */
  readonly index: number
  /** One complete JPEG picture. */
  readonly data: Uint8Array
}

/** Options of {@link clipPasses}. */
export interface ClipPassesOptions {
  /** Begin again after the last picture. */
  readonly loop: boolean
  /** How errors name the clip. */
  readonly name: string
  /** A pass of no more pictures is played again from memory. */
  readonly keptPictures: number
  /** A pass of no more bytes is played again from memory. */
  readonly keptBytes: number
  /** The picture with which the first pass begins. Default 0. */
  readonly from?: number | undefined
}

/**
 * The pictures of a clip, pass after pass.
 *
 * A clip that is shorter than what is read ahead is read once and played again from memory: starting a process for
 * each few pictures could not keep the pace.
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
    let kept: ClipPicture[] | undefined = options.loop && from === 0 ? [] : undefined
    let pictures = 0
    let bytes = 0
    for await (const picture of readPass(from)) {
      pictures++
      bytes += picture.data.length
      if (pictures > options.keptPictures || bytes > options.keptBytes) kept = undefined
      kept?.push(picture)
      yield picture
    }
    if (pictures === 0 && from === 0) {
      // Beginning again would start one process after another, for nothing.
      throw new SourceError('ERR_SOURCE_FAILED', `"${options.name}" has no pictures any more: check the file`)
    }
    if (kept) yield* repeat(kept)
    from = 0
  } while (options.loop)
}

function* repeat<T>(items: readonly T[]): Generator<T> {
  for (;;) yield* items
}
