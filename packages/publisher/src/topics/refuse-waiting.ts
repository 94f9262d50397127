import { CodecError } from '@zcast/shared'

/** Values of a topic that wait to be sent while nobody awaits them; further ones are dropped. */
export const MAX_WAITING_BYTES = 64 * 1024 * 1024

/** What a send of one value too many returns: a rejection, which is also told to `onOverflow`. */
export function refuseWaiting({
  topic,
  onOverflow,
}: {
  readonly topic: string
  readonly onOverflow: (error: CodecError) => void
}): Promise<void> {
  const error = new CodecError(
    'ERR_MEMORY_LIMIT',
    `${MAX_WAITING_BYTES / 1024 / 1024} MiB of values are waiting to be sent on ${topic}, so further ones are dropped: await each send`,
  )
  onOverflow(error)
  const refusal = Promise.reject(error)
  // It is logged and counted: a caller that does not await it must not be ended by it.
  refusal.catch(() => undefined)
  return refusal
}
