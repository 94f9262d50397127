import type { PartLook } from '../look/part-look.ts'
import { type EchoRecord, fieldOf } from './echo-record.ts'
import { replaceBytes } from './echo-text.ts'

/** A record as one line of JSON. Bytes are base64; what is no number in JSON is null. */
export function formatRecordJson(record: EchoRecord): string {
  const { values, parts, content, ...rest } = record
  return JSON.stringify(
    {
      ...rest,
      ...(values && { values: Array.from(values) }),
      ...(parts && { parts: parts.map((part, index) => describePart(part, content?.[index])) }),
    },
    replaceBytes,
  )
}

/** Some fields of a record, as one line of JSON. */
export function formatFieldsJson(record: EchoRecord, fields: readonly string[]): string {
  const { topic, seq, time } = record
  const found = fields.map((field) => [field, fieldOf(record, field) ?? null])
  return JSON.stringify({ topic, seq, time, ...Object.fromEntries(found) }, replaceBytes)
}

function describePart(part: PartLook, content: Uint8Array | undefined): object {
  const { value, text, ...look } = part
  if (value !== undefined) return { ...look, value }
  return text === undefined ? { ...look, ...bytesOf(content, look.looks) } : { ...look, text }
}

/** Pictures are not printed; other bytes are, up to 4 KiB. */
function bytesOf(content: Uint8Array | undefined, looks: string): { readonly base64?: string } {
  if (!content || looks === 'JPEG' || looks === 'PNG' || content.byteLength > MAX_PRINTED_BYTES) return {}
  return { base64: Buffer.from(content).toString('base64') }
}

const MAX_PRINTED_BYTES = 4096
