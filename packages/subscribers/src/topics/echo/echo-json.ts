import { type EchoRecord, fieldOf } from './echo-record.ts'
import { replaceBytes } from './echo-text.ts'

/** A record as one line of JSON. Bytes are base64; what is no number in JSON is null. */
export function formatRecordJson(record: EchoRecord): string {
  const { values, parts, content, ...rest } = record
  return JSON.stringify(
    {
      ...rest,
      ...(values && { values: Array.from(values) }),
      ...(parts && {
        parts: parts.map(({ value, text, ...look }, index) => ({
          ...look,
          ...(value !== undefined
            ? { value }
            : text === undefined
              ? bytesOf(content?.[index], look.looks)
              : { text }),
        })),
      }),
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

/** Pictures are not printed; other bytes are, up to 4 KiB. */
function bytesOf(content: Uint8Array | undefined, looks: string): { readonly base64?: string } {
  if (!content || looks === 'JPEG' || looks === 'PNG' || content.byteLength > MAX_PRINTED_BYTES) return {}
  return { base64: Buffer.from(content).toString('base64') }
}

const MAX_PRINTED_BYTES = 4096
