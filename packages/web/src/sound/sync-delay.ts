import { OptionError } from '@zcast/shared'

const DEFAULT_DELAY_MS = 150
/** Pages keep no more sound and pictures than that. */
const MAX_DELAY_MS = 2000

/**
 * Checks the delay of pages that play sound, 0 to 2000 ms; default 150. @throws {@link OptionError} `ERR_OPTION`.
 */
export function checkSyncDelay(delayMs = DEFAULT_DELAY_MS): number {
  if (delayMs >= 0 && delayMs <= MAX_DELAY_MS) return delayMs
  throw new OptionError(`sync must be 0 to ${MAX_DELAY_MS} milliseconds, got ${delayMs}`)
}
