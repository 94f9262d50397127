import { OptionError } from '../errors.ts'

/**
 * What a subscriber does with values that arrive faster than they are consumed:
 *
 * - `latest` keeps the newest of each topic and passes over the rest
 * - `queue:N` keeps the newest N blocks in order and passes over the oldest
 * - `all` keeps everything in order, up to a limit of bytes; beyond it the subscriber fails rather than lose silently
 */
export type DeliveryPolicy = 'latest' | `queue:${number}` | 'all'

/** The most blocks that `queue:N` may hold. */
export const MAX_QUEUE_LENGTH = 100_000

/**
 * Reads a delivery policy.
 *
 * @throws {@link OptionError} `ERR_OPTION` when it is none of the three, or N is not 1 to {@link MAX_QUEUE_LENGTH}.
 */
export function parseDeliveryPolicy(text: string): DeliveryPolicy {
  if (text === 'latest' || text === 'all') return text
  const length = /^queue:(\d{1,6})$/.exec(text)?.[1]
  if (length !== undefined && Number(length) >= 1 && Number(length) <= MAX_QUEUE_LENGTH) {
    return `queue:${Number(length)}`
  }
  throw new OptionError(`delivery must be latest, queue:N (1 to ${MAX_QUEUE_LENGTH}) or all, got "${text}"`)
}
