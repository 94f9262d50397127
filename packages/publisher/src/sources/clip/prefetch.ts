/** The limits on what {@link prefetch} holds ahead of its reader; whichever is reached first. */
export interface PrefetchLimits<T> {
  /** At least 1. */
  readonly items: number
  /** One item may exceed it. */
  readonly bytes: number
  /** Returns the size of an item, in bytes. */
  readonly sizeOf: (item: T) => number
}

/**
 * Reads ahead: the source continues, up to the limits, while the reader is busy with an item or waits for its time.
 *
 * @param open - Starts the source; its signal aborts when the reader leaves or `signal` aborts, and it must then end
 *   soon. Errors after that are not passed on.
 * @returns The same items in order, and then the source's error if it failed. Leaving the loop resolves when the source
 *   has ended.
 */
export async function* prefetch<T>(
  open: (signal: AbortSignal) => AsyncIterable<T>,
  limits: PrefetchLimits<T>,
  signal: AbortSignal,
): AsyncGenerator<T> {
  const stop = new AbortController()
  const ahead: T[] = []
  let bytes = 0
  const state: { ended: boolean; failure?: unknown; wake: () => void } = { ended: false, wake: () => {} }
  // The code waits either for room or for an item, never both: an empty queue has room.
  const changed = (): Promise<void> => new Promise((resolve) => (state.wake = resolve))
  const onAbort = (): void => {
    stop.abort()
    state.wake()
  }
  signal.addEventListener('abort', onAbort)
  if (signal.aborted) stop.abort()

  const fill = async (): Promise<void> => {
    try {
      for await (const item of open(stop.signal)) {
        if (stop.signal.aborted) return
        ahead.push(item)
        bytes += limits.sizeOf(item)
        state.wake()
        while (ahead.length >= limits.items || bytes >= limits.bytes) {
          await changed()
          if (stop.signal.aborted) return
        }
      }
    } catch (error) {
      if (!stop.signal.aborted) state.failure = { error }
    } finally {
      state.ended = true
      state.wake()
    }
  }
  const filling = stop.signal.aborted ? Promise.resolve() : fill()

  try {
    while (!stop.signal.aborted) {
      const item = ahead.shift()
      if (item !== undefined) {
        bytes -= limits.sizeOf(item)
        state.wake()
        yield item
      } else if (state.ended) break
      else await changed()
    }
    if (state.failure && !stop.signal.aborted) throw (state.failure as { error: unknown }).error
  } finally {
    signal.removeEventListener('abort', onAbort)
    onAbort()
    await filling
  }
}
