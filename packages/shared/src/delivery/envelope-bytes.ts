import type { Envelope } from '../envelope.ts'

/** The memory of an envelope beside its data: the objects around it, measured at about 400 bytes. */
const OBJECT_BYTES = 400

/** The memory of an envelope that waits, in bytes: of thousands of small ones, most is not their data. */
export function envelopeBytes({ block }: Envelope): number {
  return block.data.byteLength + OBJECT_BYTES
}
