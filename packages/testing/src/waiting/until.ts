import { setTimeout as delay } from 'node:timers/promises'

const LOOK_EVERY_MS = 2

/** Waits for a condition that has no event, such as a count kept elsewhere. The test's own timeout is the limit. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await delay(LOOK_EVERY_MS)
}
