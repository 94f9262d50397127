import { McapStreamReader, type McapTypes, Opcode } from '@mcap/core'

const READ = new Set<number | undefined>([Opcode.HEADER, Opcode.SCHEMA, Opcode.CHANNEL, Opcode.METADATA])

/** Reads the record of a header, a schema, a channel or metadata; `undefined` for any other. @throws When it is damaged. */
export function readRecord(bytes: Uint8Array): McapTypes.TypedMcapRecord | undefined {
  if (!READ.has(bytes[0])) return undefined
  const reader = new McapStreamReader({ noMagicPrefix: true })
  reader.append(bytes)
  return reader.nextRecord()
}
