import { McapRecordBuilder } from '@mcap/core'

/** The library that the header of a file names. */
const LIBRARY = 'zcast'

/** The beginning of a file. */
export function beginFile(): Uint8Array {
  const builder = new McapRecordBuilder()
  builder.writeMagic()
  builder.writeHeader({ profile: '', library: LIBRARY })
  return builder.buffer
}
