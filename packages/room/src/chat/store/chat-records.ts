import type { ChatLine } from '../../messages/room-messages.ts'

/** What one line of the file says. */
export type ChatRecord =
  | { readonly said: ChatLine }
  /** A host has taken back what has this id. */
  | { readonly removed: number; readonly by: string; readonly time: number }
  /** The first line of a file that was written anew: the next id, also where nothing is left. */
  | { readonly next: number }

/** Writes a record as a line of the file. */
export function formatRecord(record: ChatRecord): string {
  return `${JSON.stringify('said' in record ? record.said : record)}\n`
}

/** Reads a line of the file. @returns `undefined` when it is damaged. */
export function parseRecord(text: string): ChatRecord | undefined {
  let value: unknown
  try {
    // After the loss of power some file systems have zeros before what was written next.
    value = JSON.parse(text.replace(/^\0+/, ''))
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const { id, time, guest, name, text: words, removed, by, next } = value as Record<string, unknown>
  if (isId(next)) return { next }
  if (typeof time !== 'number') return undefined
  if (isId(removed)) return typeof by === 'string' ? { removed, by, time } : undefined
  if (!isId(id) || typeof guest !== 'string' || typeof name !== 'string' || typeof words !== 'string')
    return undefined
  return { said: { id, time, guest, name, text: words } }
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0
}
