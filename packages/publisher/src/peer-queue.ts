const MEMORY_FOR_A_PEER_BYTES = 16 * 1024 * 1024

/** What the socket of a publisher may hold for one subscriber. */
export interface PeerQueue {
  /** Messages that may wait in ZeroMQ. */
  readonly highWaterMark: number
  /** What the system may hold besides, in bytes; `undefined` leaves that to the system. */
  readonly sendBufferBytes?: number | undefined
}

/** The system may keep as much for a connection as it has sent and was not acknowledged: at 64 KiB, 640 kB/s at 100 ms. */
const LEAST_SEND_BUFFER_BYTES = 64 * 1024

/** Linux lets a buffer grow to 4 MiB by itself, which is few enough of pictures larger than this. */
const LARGE_PICTURE_BYTES = 2 * 1024 * 1024

/**
 * A picture is mostly a third of what is expected, and Linux holds a little more than it is told: two pictures. For those that
 * acknowledge nothing, pictures of 70 kB behind 300 kB/s were 24 s old without a limit, and are 1.3 s with this one. With 0.4
 * they are 1.1 s, but of 4 MB/s at a round trip of 0.1 s only 1.8 are used for pictures of 150 kB, rather than 3.5 (measured).
 */
const SEND_BUFFER_SHARE = 0.65

/**
 * How much may wait for one subscriber. Numbers: as many messages as fit 16 MiB, but 2 at least and 1000 at the most.
 * Pictures: one more than may come at once, so that a slow link makes them few rather than old. ZeroMQ's thread has 66 ms on a
 * busy machine then; with none more, each of eight viewers on loopback lost one in 400 (measured).
 *
 * @param pictureTopics - How many topics carry pictures; 0 for numbers.
 */
export function peerQueueFor(expectedMessageBytes: number, pictureTopics = 0): PeerQueue {
  const highWaterMark = Math.min(
    Math.max(Math.floor(MEMORY_FOR_A_PEER_BYTES / expectedMessageBytes), 2),
    1000,
  )
  if (pictureTopics === 0) return { highWaterMark }
  const sendBufferBytes =
    expectedMessageBytes > LARGE_PICTURE_BYTES
      ? undefined
      : Math.max(LEAST_SEND_BUFFER_BYTES, Math.round(expectedMessageBytes * SEND_BUFFER_SHARE))
  return { highWaterMark: Math.min(highWaterMark, pictureTopics + 1), sendBufferBytes }
}
