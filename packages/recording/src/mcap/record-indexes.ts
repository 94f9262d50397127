import { type McapTypes, Opcode } from '@mcap/core'
import { readRecord } from '../reading/read-record.ts'
import { RECORD_HEAD_BYTES } from '../reading/loaded-chunk.ts'

/** How many bytes of an attachment say what it is; names that are longer are not read. */
export const ATTACHMENT_HEAD_BYTES = 64 * 1024

/** Of two times. */
const TIMES_BYTES = 16

/** What the index says of metadata. @param offset - Where it is written. @returns `undefined` when it is damaged. */
export function indexMetadata(record: Uint8Array, offset: number): McapTypes.MetadataIndex | undefined {
  try {
    const known = readRecord(record)
    const place = { offset: BigInt(offset), length: BigInt(record.byteLength) }
    return known?.type === 'Metadata' ? { name: known.name, ...place } : undefined
  } catch {
    return undefined
  }
}

/**
 * What the index says of an attachment.
 *
 * @param head - Its first bytes, {@link ATTACHMENT_HEAD_BYTES} or all.
 * @param place - Where it is written, and how many bytes it has in all.
 * @returns `undefined` when it is damaged.
 */
export function indexAttachment(
  head: Uint8Array,
  { offset, length }: { readonly offset: number; readonly length: number },
): McapTypes.AttachmentIndex | undefined {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  if (head[0] !== Opcode.ATTACHMENT) return undefined
  const text = (at: number): readonly [string, number] => {
    const end = at + 4 + view.getUint32(at, true)
    if (end > head.byteLength) throw new RangeError('a name is too long')
    return [Buffer.from(head.subarray(at + 4, end)).toString(), end]
  }
  try {
    const [name, nameEnd] = text(RECORD_HEAD_BYTES + TIMES_BYTES)
    const [mediaType, end] = text(nameEnd)
    return {
      logTime: view.getBigUint64(RECORD_HEAD_BYTES, true),
      createTime: view.getBigUint64(RECORD_HEAD_BYTES + 8, true),
      name,
      mediaType,
      dataSize: view.getBigUint64(end, true),
      offset: BigInt(offset),
      length: BigInt(length),
    }
  } catch {
    return undefined
  }
}
