/** The longest line kept: an array of a million numbers, written out in full, has 25 MB. */
export const MAX_LINE_BYTES = 32 * 1024 * 1024

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d

/**
 * Splits chunks of bytes into lines, without their ends: `\n`, `\r\n` or `\r`. The last line need not end. A line that
 * ends in `\r` comes at once, and not with the byte behind it, which may be a long time coming.
 *
 * @param maxBytes - A longer line is given up and yielded as `undefined` once, so that memory stays bounded.
 */
export async function* splitLines(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes = MAX_LINE_BYTES,
): AsyncGenerator<string | undefined> {
  const rest = new LineRest(maxBytes)
  let endedInReturn = false
  for await (const bytes of chunks) {
    if (bytes.length === 0) continue
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    let start = endedInReturn && chunk[0] === LINE_FEED ? 1 : 0
    endedInReturn = false
    let lineFeed = indexOf(chunk, LINE_FEED, start)
    let carriageReturn = indexOf(chunk, CARRIAGE_RETURN, start)
    for (let end = Math.min(lineFeed, carriageReturn); end < chunk.length;) {
      yield rest.complete(chunk, start, end)
      start = end + 1
      if (end === carriageReturn) {
        if (start === chunk.length) endedInReturn = true
        else if (start === lineFeed) start += 1
        carriageReturn = indexOf(chunk, CARRIAGE_RETURN, start)
      }
      if (lineFeed < start) lineFeed = indexOf(chunk, LINE_FEED, start)
      end = Math.min(lineFeed, carriageReturn)
    }
    rest.keep(chunk.subarray(start))
  }
  if (rest.byteLength > 0) yield rest.complete(Buffer.alloc(0), 0, 0)
}

/** Where a byte stands; the length where it does not. */
function indexOf(chunk: Buffer, byte: number, from: number): number {
  const index = chunk.indexOf(byte, from)
  return index === -1 ? chunk.length : index
}

/** The beginning of a line that has not ended yet. */
class LineRest {
  byteLength = 0
  #pieces: Buffer[] = []
  readonly #maxBytes: number

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  keep(bytes: Buffer): void {
    this.byteLength += bytes.length
    if (this.byteLength <= this.#maxBytes) this.#pieces.push(bytes)
    else this.#pieces = []
  }

  /** Takes out the line that ends in this chunk; `undefined` when it is too long. */
  complete(chunk: Buffer, start: number, end: number): string | undefined {
    // Most lines lie in one chunk: cutting it up first takes longer than to decode it.
    if (this.byteLength === 0 && end - start <= this.#maxBytes) return chunk.toString('utf8', start, end)
    this.keep(chunk.subarray(start, end))
    const line = this.byteLength > this.#maxBytes ? undefined : Buffer.concat(this.#pieces).toString('utf8')
    this.byteLength = 0
    this.#pieces = []
    return line
  }
}
