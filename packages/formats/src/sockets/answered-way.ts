import type { Message } from '@zcast/shared'
import type { zeromq } from '@zcast/shared/internal'

type Sockets = ReturnType<typeof zeromq>

/** A socket that answers what it receives. */
export type ReceivingSocket = InstanceType<Sockets['Router'] | Sockets['Pair']>

/** A socket that receives answers. */
export type SendingSocket = InstanceType<Sockets['Dealer'] | Sockets['Pair']>

const NOTHING = new Uint8Array()

/** How messages and answers stand between an address and its end. */
export interface AnsweredWay {
  /** The parts that lead back to the sender of what a receiver got, and what was sent; the latter is empty if the former are wrong. */
  receive(parts: readonly Uint8Array[]): { readonly address: Message; readonly message: Message }
  /** True where a receiver has one sender at a time. */
  readonly isForOne: boolean
  /** The parts before what a sender sends. */
  readonly before: Message
}

/** REQ and REP: the sender's address, which only the receiver sees, and an empty part. */
export const REQUEST_WAY: AnsweredWay = {
  isForOne: false,
  receive([sender = NOTHING, empty, ...message]) {
    return { address: [sender, NOTHING], message: empty?.byteLength === 0 ? message : [] }
  },
  before: [NOTHING],
}

/** PAIR: there is only one sender. */
export const PAIR_WAY: AnsweredWay = {
  isForOne: true,
  receive: (parts) => ({ address: [], message: parts }),
  before: [],
}
