/**
 * What guests say to the room, as JSON over the WebSocket at `/room`, at most {@link MAX_GUEST_MESSAGE_BYTES}. The first
 * message is `join`. Each is checked by the part of the room that takes it; nothing here is to be believed.
 */

/** The longest message of a guest, in bytes: 500 characters of four bytes, escaped, and what is around them. */
export const MAX_GUEST_MESSAGE_BYTES = 8192

/** What a page may say; the part in `room-part.ts` that takes each one checks its values. */
export type GuestMessage =
  /** With the key of an earlier `welcome` a page that comes back is the same guest. */
  | { readonly type: 'join'; readonly name: string; readonly key?: string; readonly terminal?: boolean }
  | { readonly type: 'say'; readonly text: string }
  | { readonly type: 'typing' }
  | { readonly type: 'history'; readonly before: number }
  | { readonly type: 'remove'; readonly id: number }
  | { readonly type: 'mute'; readonly guest: string; readonly minutes: number }
  | { readonly type: 'unmute'; readonly guest: string }
  | { readonly type: 'ban'; readonly guest: string }
  | { readonly type: 'unban'; readonly guest: string }
  /** Asks who is banned. */
  | { readonly type: 'bans' }
  | { readonly type: 'slow'; readonly seconds: number }
  | { readonly type: 'air'; readonly film: string | null }
  | { readonly type: 'play' }
  | { readonly type: 'pause' }
  | { readonly type: 'next' }
  | { readonly type: 'seek'; readonly to: number }
  /** Begins or ends sharing; pictures then go to `/camera`, sound to `/microphone`. */
  | { readonly type: 'share'; readonly camera?: 'camera' | 'screen' | null; readonly microphone?: boolean }
  | { readonly type: 'clock'; readonly asked: number }

/** A message whose type is text, and whose other values are still unknown. */
export interface UncheckedMessage {
  readonly type: string
  readonly [name: string]: unknown
}

/** Reads a message. @returns `undefined` when it is no JSON object with a `type`. */
export function readGuestMessage(text: string): UncheckedMessage | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    return 'type' in value && typeof value.type === 'string' ? (value as UncheckedMessage) : undefined
  } catch {
    return undefined
  }
}
