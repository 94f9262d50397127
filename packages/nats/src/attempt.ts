import type { NatsConnection } from './nats-library.ts'

/**
 * Makes one attempt to connect, and leaves nothing of it behind when it fails.
 *
 * @param signal - Given up with it, at once.
 * @param begin - Its signal says that the attempt is over.
 */
export async function attempt(
  signal: AbortSignal,
  begin: (signal: AbortSignal) => Promise<NatsConnection>,
): Promise<NatsConnection> {
  signal.throwIfAborted()
  const over = new AbortController()
  const connecting = begin(over.signal)
  let giveUp = (): void => undefined
  const givenUp = new Promise<never>((_, reject) => (giveUp = () => reject(signal.reason as Error)))
  signal.addEventListener('abort', giveUp)
  try {
    return await Promise.race([connecting, givenUp])
  } catch (error) {
    over.abort()
    connecting.then(
      (connection) => connection.close(),
      () => undefined,
    )
    throw error
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}
