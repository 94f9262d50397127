import type { Block } from '@zcast/shared'

/** A value older than this had a time of another clock, such as that of a simulation. */
const MAX_AGE_S = 3600

/** When a value came, and when it comes again. */
export interface Moments {
  /** Seconds since the Unix epoch. */
  readonly recordedAt: number
  /** The same. */
  readonly dueAt: number
  /** How many times faster than it was recorded. */
  readonly speed: number
  /** True where values do not wait for each other: rows then have one time, as the next ones come at once, too. */
  readonly isAtOnce: boolean
}

/**
 * A value as if it were made now: as old as it was when it came, so that sound and pictures stay in step, and without
 * its number.
 */
export function liveBlock(block: Block, { recordedAt, dueAt, speed, isAtOnce }: Moments): Block {
  const age = recordedAt - block.time
  const time = dueAt - (block.kind === 'chat' ? age : Math.abs(age) > MAX_AGE_S ? 0 : age / speed)
  const own = { seq: undefined, time }
  if (block.kind !== 'numbers' || block.interval === undefined) return { ...block, ...own }
  return { ...block, ...own, interval: isAtOnce ? 0 : block.interval / speed }
}
