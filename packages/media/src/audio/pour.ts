/**
 * Writes a feed into a stream at the stream's own pace, and ends it, whatever happens. A stream that takes no more ends
 * the feed, and is no failure.
 *
 * @throws What the feed threw.
 */
export async function pour(feed: AsyncIterable<Uint8Array>, into: NodeJS.WritableStream): Promise<void> {
  try {
    for await (const chunk of feed) {
      if (!into.writable) return
      if (!into.write(chunk)) await room(into)
    }
  } finally {
    into.end()
  }
}

/** Resolves when more can be written, or nothing any more. */
function room(into: NodeJS.WritableStream): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      into.off('drain', stop)
      into.off('close', stop)
      resolve()
    }
    into.on('drain', stop)
    into.on('close', stop)
  })
}
