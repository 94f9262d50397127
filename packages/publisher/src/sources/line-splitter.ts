/** The longest line kept: an array of a million numbers, written out in full, has 25 MB. */
export const MAX_LINE_BYTES = 32 * 1024 * 1024

/**
 * Splits chunks of bytes into lines, without their ends (`\n` or `\r\n`). The last line need not end.
 *
 * @param maxBytes - A longer line is given up and yielded as `undefined` once, so that memory stays bounded.
 */
export async function* splitLines(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes = MAX_LINE_BYTES,
): AsyncGenerator<string | undefined> {
  let pending: Uint8Array[] = []
  let pendingBytes = 0
  const take = (): string | undefined => {
    const line =
      pendingBytes > maxBytes ? undefined : Buffer.concat(pending).toString('utf8').replace(/\r$/, '')
    pending = []
    pendingBytes = 0
    return line
  }
  const keep = (bytes: Uint8Array): void => {
    pendingBytes += bytes.length
    if (pendingBytes <= maxBytes) pending.push(bytes)
    else pending = []
  }
  for await (const chunk of chunks) {
    let start = 0
    for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, start)) {
      keep(chunk.subarray(start, end))
      yield take()
      start = end + 1
    }
    keep(chunk.subarray(start))
  }
  if (pendingBytes > 0) yield take()
}
