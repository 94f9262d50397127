/** Messages that come until they are closed. */
export interface ClosableMessages<T> extends AsyncIterable<T> {
  close(): Promise<unknown>
}

/** Gives messages until none has come for a time, and closes them. */
export async function* untilIdle<T>(messages: ClosableMessages<T>, idleMs: number): AsyncGenerator<T> {
  const timer = setTimeout(() => void messages.close(), idleMs)
  try {
    for await (const message of messages) {
      timer.refresh()
      yield message
    }
  } finally {
    clearTimeout(timer)
    await messages.close()
  }
}
