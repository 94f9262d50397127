import type { ChatLine } from '../../messages/room-messages.ts'
import { parseRecord } from './chat-records.ts'

const NEWLINE = 10
/** A longer part of a line is no line that was being written. */
const MAX_TORN_BYTES = 64 * 1024

/** What a file of the chat says. */
export interface FoundRecords {
  /** What was said and not taken back, oldest first. */
  readonly lines: ChatLine[]
  readonly nextId: number
  readonly records: number
  /** Lines that cannot be read; those at a torn end are none. */
  readonly damaged: number
  /** Bytes at the end that are a part of a line: its process was killed, or the disk was full. */
  readonly torn: number
  /** The last line is whole, but for its end. */
  readonly needsEnd: boolean
}

/**
 * Reads the bytes of a file of the chat.
 *
 * @param isWhole - They are all that it has; otherwise they may begin in the middle of a line.
 */
export function readRecords(bytes: Buffer, { isWhole }: { readonly isWhole: boolean }): FoundRecords {
  const lines = new Map<number, ChatLine>()
  let [nextId, records, damaged] = [1, 0, 0]
  const take = (text: string): boolean => {
    const record = parseRecord(text)
    if (!record) return false
    records += 1
    if ('next' in record) nextId = Math.max(nextId, record.next)
    else if ('removed' in record) lines.delete(record.removed)
    else {
      lines.set(record.said.id, record.said)
      nextId = Math.max(nextId, record.said.id + 1)
    }
    return true
  }
  let start = 0
  for (let end; (end = bytes.indexOf(NEWLINE, start)) >= 0; start = end + 1) {
    if (end === start) continue
    if (!take(bytes.toString('utf8', start, end)) && (start > 0 || isWhole)) damaged += 1
  }
  const isComplete = start < bytes.length && take(bytes.toString('utf8', start))
  const torn = isComplete ? 0 : bytes.length - start
  if (torn > MAX_TORN_BYTES) damaged += 1
  return { lines: [...lines.values()], nextId, records, damaged, torn, needsEnd: isComplete }
}
