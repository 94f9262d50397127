const MEMORY_FOR_A_PEER_BYTES = 16 * 1024 * 1024

/** The limits on what a publisher's socket holds for one subscriber. */
export interface PeerQueue {
  /** The number of messages that may wait in ZeroMQ. */
  readonly highWaterMark: number
  /** The bytes that the system may hold in addition; `undefined` leaves that to the system. */
  readonly sendBufferBytes?: number | undefined
}

/** The system must keep what it has sent on a connection until it is acknowledged: at 64 KiB, 640 kB/s at 100 ms. */
const LEAST_SEND_BUFFER_BYTES = 64 * 1024

/** Linux lets a buffer grow to 4 MiB by itself, which holds only few pictures larger than this. */
const LARGE_PICTURE_BYTES = 2 * 1024 * 1024

/**
 * A picture is mostly a third of the expected size, and Linux holds a little more than it is told: two pictures. For
 * subscribers that acknowledge nothing, pictures of 70 kB over 300 kB/s were 24 s old without a limit, and are 1.3 s
 * old with this one. With 0.4 they are 1.1 s old, but at 4 MB/s and a round trip of 0.1 s only 1.8 MB/s are used for
 * pictures of 150 kB, instead of 3.5 (measured).
 */
const SEND_BUFFER_SHARE = 0.65

/**
 * The queue for one subscriber. Numbers: as many messages as fit 16 MiB, from 2 to 1000. Pictures: one more than may
 * come at once, so that a slow link reduces their number instead of making them old. ZeroMQ's thread then has 66 ms on
 * a busy machine; without the extra one, each of eight viewers on loopback lost one picture in 400 (measured).
 *
 * @param pictureTopics - The number of topics that carry pictures; 0 for numbers.
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
