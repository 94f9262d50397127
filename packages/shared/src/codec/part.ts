import type { Block } from '../block.ts'
import type { Message } from '../envelope.ts'
import type { Rejection } from './codec.ts'

/** The header of an untrusted message: a map that is safe to read, and nothing more. */
export type Header = Readonly<Record<string, unknown>>

/** The position of a block in its stream: the number and the time of its first value. */
export interface Position {
  readonly seq: number
  readonly time: number
}

/** The encoding of the blocks of one kind: its own header keys, and the attachment. */
export interface CodecPart<B extends Block> {
  /** Adds the kind's own keys to a header. @returns The third part of the message, if there is one. */
  encode(block: B, header: Record<string, unknown>): Uint8Array | undefined

  /** Decodes a block of an untrusted message, whose first two parts are a topic and this header. Never throws. */
  decode(position: Position, header: Header, message: Message): B | Rejection
}

/** True for a whole number from 0 to 2^53. */
export function isUint(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

/** True for a number other than NaN and the infinities. */
export function isFinite(value: unknown): value is number {
  return Number.isFinite(value)
}
