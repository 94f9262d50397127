import type { ReplaySource } from '@zcast/recording'

/** A queue sized by the mean message may hold this many times as much of the largest: 64 MiB. */
const MOST_TIMES = 4

/**
 * The size of a message by which a socket's queue is sized, in bytes. Where everybody is waited for, the mean one: by
 * the largest picture, a queue had room for 89 messages, and was full again and again while small ones were sent. Where
 * pictures are left out instead, the largest one.
 */
export function messageBytes(
  sources: readonly Pick<ReplaySource, 'expectedBytes' | 'messages'>[],
  isLossless: boolean,
): number {
  const largest = Math.max(...sources.map(({ expectedBytes }) => expectedBytes))
  if (!isLossless) return largest
  const messages = sources.reduce((sum, one) => sum + one.messages, 0)
  const bytes = sources.reduce((sum, one) => sum + one.expectedBytes * one.messages, 0)
  return Math.max(Math.ceil(bytes / Math.max(messages, 1)), Math.ceil(largest / MOST_TIMES))
}
