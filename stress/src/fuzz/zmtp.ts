import type { Socket } from 'node:net'

/** ZMTP 3.0 by its specification (RFC 23), NULL mechanism; so that it can be broken where a library would not let us. */

/** What each side sends first: signature, version 3.0, mechanism NULL, not a server. */
export const GREETING = Buffer.concat([
  Buffer.of(0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0),
  Buffer.from('NULL'.padEnd(20, '\0')),
  Buffer.alloc(32),
])

/** The handshake of a socket type, such as `PUB`. */
export function ready(socketType: string): Buffer {
  const name = 'Socket-Type'
  const body = Buffer.concat([
    Buffer.of(5),
    Buffer.from('READY'),
    Buffer.of(name.length),
    Buffer.from(name),
    Buffer.of(0, 0, 0, socketType.length),
    Buffer.from(socketType),
  ])
  return Buffer.concat([Buffer.of(4, body.length), body])
}

/** A frame of a message. */
export function frame(body: Uint8Array, more = false): Buffer {
  const flags = more ? 1 : 0
  if (body.length < 256) return Buffer.concat([Buffer.of(flags, body.length), body])
  return Buffer.concat([longHeader(flags, BigInt(body.length)), body])
}

/** The header of a long frame that says whatever length. */
export function longHeader(flags: number, length: bigint): Buffer {
  const header = Buffer.alloc(9, flags | 2)
  header.writeBigUInt64BE(length, 1)
  return header
}

/** A subscription to a prefix, or its end. */
export function subscription(prefix: Uint8Array, subscribed: boolean): Buffer {
  return frame(Buffer.concat([Buffer.of(subscribed ? 1 : 0), prefix]))
}

/**
 * Sends bytes; those that follow a handshake only when the peer's own has come, as the protocol wants it: before that
 * ZeroMQ refuses them all unread.
 */
export function sendInTurn(socket: Socket, bytes: Buffer): void {
  const shakesHands = bytes.length > GREETING.length && bytes.subarray(0, GREETING.length).equals(GREETING)
  const split = shakesHands ? GREETING.length + 2 + (bytes[GREETING.length + 1] ?? 0) : bytes.length
  let received = 0
  socket.write(bytes.subarray(0, split))
  socket.on('data', (chunk) => {
    const before = received
    received += chunk.length
    // Its greeting, and the beginning of its READY.
    if (before <= GREETING.length + 2 && received > GREETING.length + 2) socket.write(bytes.subarray(split))
  })
}
