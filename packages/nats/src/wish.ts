import { MAX_NAME_LENGTH } from './subjects.ts'

/** What a subscriber says of itself. */
export interface Wish {
  /** All prefixes that it wants now. */
  readonly want: readonly string[]
  /** Those of them that it has cancelled and asked for anew since it last said so. Default none. */
  readonly again?: readonly string[] | undefined
  /** It has more than it can take: publishers that may lose nothing wait. Default false. */
  readonly full?: boolean | undefined
  /** It wants nothing any more, and is gone. Default false. */
  readonly gone?: boolean | undefined
}

/** The largest wish that is read, in bytes. */
const MAX_WISH_BYTES = 512 * 1024

/** The most prefixes of one subscriber, as of a ZeroMQ socket. */
export const MAX_PREFIXES = 5000

/** A subscriber says what it wants this often; it is forgotten after {@link FORGET_AFTER_MS}. */
export const REPEAT_MS = 2000

/** One that has not been heard of for so long is gone. */
export const FORGET_AFTER_MS = 5000

export function formatWish(wish: Wish): Uint8Array {
  return Buffer.from(JSON.stringify(wish))
}

/** Reads what anybody may have sent. @returns `undefined` when it is no wish. */
export function parseWish(bytes: Uint8Array): Wish | undefined {
  if (bytes.byteLength > MAX_WISH_BYTES) return undefined
  let read: unknown
  try {
    read = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString())
  } catch {
    return undefined
  }
  if (typeof read !== 'object' || read === null) return undefined
  const { want = [], again = [], full, gone } = read as Record<string, unknown>
  if (!isPrefixes(want) || !isPrefixes(again)) return undefined
  return {
    want: want.filter(isShort),
    again: again.filter(isShort),
    full: full === true,
    gone: gone === true,
  }
}

function isPrefixes(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) && value.length <= MAX_PREFIXES && value.every((item) => typeof item === 'string')
  )
}

/** A longer prefix stands for nothing, as no name is so long. A relay may ask for it with others, which count. */
function isShort(prefix: string): boolean {
  return prefix.length <= MAX_NAME_LENGTH
}
