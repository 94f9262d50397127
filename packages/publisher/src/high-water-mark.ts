const MEMORY_FOR_A_PEER_BYTES = 16 * 1024 * 1024

/**
 * How many messages may wait for one subscriber: as many as fit 16 MiB, but 2 at least and 1000 at the most. So a
 * slow viewer of large pictures costs the publisher no more than 16 MiB.
 */
export function highWaterMarkFor(expectedMessageBytes: number): number {
  return Math.min(Math.max(Math.floor(MEMORY_FOR_A_PEER_BYTES / expectedMessageBytes), 2), 1000)
}
