import { OptionError } from '../errors.ts'

/**
 * How a subscriber handles values that arrive faster than they are consumed:
 *
 * - `latest` keeps the newest of each topic and skips the rest
 * - `queue:N` keeps the newest N blocks in order and skips the oldest
 * - `all` keeps everything in order, up to a limit in bytes; beyond it the subscriber fails rather than lose values
 *   silently
 */
export type DeliveryPolicy = 'latest' | `queue:${number}` | 'all'

/** The largest number of blocks that `queue:N` may hold. */
export const MAX_QUEUE_LENGTH = 100_000

/**
 * Parses a delivery policy.
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
