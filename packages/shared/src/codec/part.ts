import type { Block } from '../block.ts'
import type { Message } from '../envelope.ts'
import type { Rejection } from './codec.ts'

/** The header of an untrusted message: a map that is safe to read, and nothing more. */
export type Header = Readonly<Record<string, unknown>>

/** Where a block stands in its stream: the number and the time of its first value. */
export interface Position {
  readonly seq: number
  readonly time: number
}

/** How the blocks of one kind travel: what a header has of its own, and the attachment. */
export interface CodecPart<B extends Block> {
  /** The keys of its own, and the third part of the message, if it has one. */
  encode(block: B): { readonly keys: Record<string, unknown>; readonly attachment?: Uint8Array | undefined }

  /** Reads a block of an untrusted message, whose first two parts are a topic and this header. Never throws. */
  decode(position: Position, header: Header, message: Message): B | Rejection
}

/** Whether it is a whole number of 0 to 2^53. */
export function isUint(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

/** Whether it is a number other than NaN and the infinities. */
export function isFinite(value: unknown): value is number {
  return Number.isFinite(value)
}
