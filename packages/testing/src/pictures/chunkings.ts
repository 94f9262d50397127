import * as fc from 'fast-check'

/** A parser that takes a stream apart, chunk by chunk. */
export interface Splitter<T> {
  push(chunk: Buffer): readonly T[]
}

/** The result of splitting a stream. */
export interface SplitResult<T> {
  readonly found: readonly T[]
  /** The code of the error that ended it; `undefined` when there was none. */
  readonly error: string | undefined
}

/** Sizes of chunks, used in turn: single bytes, small ones, the whole stream. */
export const chunkSizes: fc.Arbitrary<readonly number[]> = fc.oneof(
  fc.constantFrom([1], [2, 1], [1_000_000]),
  fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }),
)

/** Bytes made of words that a format knows, and of arbitrary ones. */
export function streamOf(...words: readonly (string | readonly number[])[]): fc.Arbitrary<Buffer> {
  const known = words.map((word) =>
    typeof word === 'string' ? Buffer.from(word, 'latin1') : Buffer.from(word),
  )
  const word = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...known) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)) },
  )
  return fc.array(word, { maxLength: 40 }).map((parts) => Buffer.concat(parts))
}

/** Cuts a stream into chunks of these sizes, used in turn; each chunk's memory is its own. */
export function cut(stream: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = []
  for (let at = 0; at < stream.length; at += chunks.at(-1)?.length ?? 0) {
    const size = sizes[chunks.length % sizes.length] ?? 1
    chunks.push(Buffer.from(stream.subarray(at, at + size)))
  }
  return chunks
}

/** Splits a stream that comes in chunks; the memory of each chunk is reused, as a socket's is. */
export function splitAll<T>(splitter: Splitter<T>, chunks: readonly Buffer[]): SplitResult<T> {
  const found: T[] = []
  try {
    for (const chunk of chunks) {
      found.push(...splitter.push(chunk))
      chunk.fill(0xaa)
    }
    return { found, error: undefined }
  } catch (error) {
    return { found, error: (error as { code?: string }).code ?? String(error) }
  }
}

/**
 * Asserts that a splitter gives the same result however a stream is cut, and fails only with its own error. Results in
 * the chunk in which a stream breaks are lost with it.
 *
 * @param code - The code of that error.
 */
export function assertSameHoweverCut<T>(
  create: () => Splitter<T>,
  streams: fc.Arbitrary<Buffer>,
  code: string,
): void {
  fc.assert(
    fc.property(streams, chunkSizes, (stream, sizes) => {
      const byBytes = splitAll(create(), cut(stream, [1]))
      const byChunks = splitAll(create(), cut(stream, sizes))
      const { error } = byBytes
      if (error !== undefined && error !== code) throw new Error(`failed with ${error}`)
      if (byChunks.error !== error) throw new Error(`${byChunks.error} instead of ${error}`)
      const expected = error === undefined ? byBytes.found : byBytes.found.slice(0, byChunks.found.length)
      const same = JSON.stringify(byChunks.found) === JSON.stringify(expected)
      if (!same) throw new Error(`found ${byChunks.found.length} of ${byBytes.found.length}, or others`)
    }),
    { numRuns: 1000 },
  )
}
