/** Shows the lines of the first chunk before they are read, and says when they have been. */
export async function* lookAtFirst(
  chunks: AsyncIterable<Uint8Array>,
  { look, onRead }: { look: (lines: readonly string[]) => void; onRead: () => void },
): AsyncGenerator<Uint8Array> {
  let hasBegun = false
  for await (const chunk of chunks) {
    if (hasBegun || chunk.length === 0) {
      yield chunk
      continue
    }
    hasBegun = true
    const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('utf8')
    // What follows the last line end may be half a line.
    look(text.split(/\r\n?|\n/).slice(0, -1))
    yield chunk
    onRead()
  }
}
