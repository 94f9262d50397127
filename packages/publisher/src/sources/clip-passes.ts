import { SourceError } from '@zcast/shared'

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
}

/**
 * The pictures of a clip, pass after pass.
 *
 * A clip that is shorter than what is read ahead is read once and played again from memory: starting a process for
 * each few pictures could not keep the pace.
 *
 * @param readPass - Starts a pass: the clip's pictures from the first to the last.
 * @throws {@link SourceError} `ERR_SOURCE_FAILED` when a pass has no picture; what `readPass` throws.
 */
export async function* clipPasses(
  readPass: () => AsyncIterable<Uint8Array>,
  options: ClipPassesOptions,
): AsyncGenerator<Uint8Array> {
  let kept: Uint8Array[] | undefined = options.loop ? [] : undefined
  do {
    let pictures = 0
    let bytes = 0
    for await (const picture of readPass()) {
      pictures++
      bytes += picture.length
      if (pictures > options.keptPictures || bytes > options.keptBytes) kept = undefined
      kept?.push(picture)
      yield picture
    }
    if (pictures === 0) {
      // Beginning again would start one process after another, for nothing.
      throw new SourceError('ERR_SOURCE_FAILED', `"${options.name}" has no pictures any more: check the file`)
    }
    if (kept) yield* repeat(kept)
  } while (options.loop)
}

function* repeat<T>(items: readonly T[]): Generator<T> {
  for (;;) yield* items
}
