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
 * A picture is mostly a third of what is expected, and Linux holds nearly twice what it is told: two or three pictures. Behind
 * 300 kB/s pictures of 70 kB were 24 s old without a limit, and are 1.4 s with this one (measured).
 */
const SEND_BUFFER_SHARE = 0.4

/**
 * How much may wait for one subscriber. Numbers: as many messages as fit 16 MiB, but 2 at least and 1000 at the most.
 * Pictures: two more than may come at once, so that a slow link makes them few rather than old. With one more, ZeroMQ's
 * thread has 66 ms on a busy machine; a viewer on loopback lost one in a thousand (measured).
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
  return { highWaterMark: Math.min(highWaterMark, pictureTopics + 2), sendBufferBytes }
}
