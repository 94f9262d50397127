import type { JpegOutline } from '@zcast/shared/internal'

// ITU-T T.81, annex K.3: class and number of the table, number of codes of each length, values.
const DC_VALUES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
const DC_LUMA = '00010501010101010100000000000000'
const DC_CHROMA = '00030101010101010101010000000000'
const AC_LUMA =
  '0002010303020403050504040000017d' +
  '01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738' +
  '393a434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5' +
  'a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa'
const AC_CHROMA =
  '00020102040403040705040400010277' +
  '0001020311040521310612415107617113223281081442' +
  '91a1b1c109233352f0156272d10a162434e125f11718191a262728292a35363738393a434445464748494a535455565758595a63646566' +
  '6768696a737475767778797a82838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8' +
  'c9cad2d3d4d5d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa'

// Frame headers above it are those of arithmetic coding.
const JPG = 0xc8
const hex = (text: string): Buffer => Buffer.from(text, 'hex')
const TABLES = Buffer.concat([
  Buffer.of(0x00),
  hex(DC_LUMA),
  Buffer.from(DC_VALUES),
  Buffer.of(0x10),
  hex(AC_LUMA),
  Buffer.of(0x01),
  hex(DC_CHROMA),
  Buffer.from(DC_VALUES),
  Buffer.of(0x11),
  hex(AC_CHROMA),
])
const SEGMENT = Buffer.concat([
  Buffer.of(0xff, 0xc4, (TABLES.length + 2) >> 8, (TABLES.length + 2) & 0xff),
  TABLES,
])

/**
 * Completes a picture from a camera that leaves out the Huffman tables, as Motion JPEG allows: many JPEG readers refuse
 * it without them. A picture that has its tables, or is coded arithmetically and needs none, is returned unchanged.
 *
 * @param outline - The picture's outline.
 */
export function withHuffmanTables(
  jpeg: Uint8Array,
  { hasHuffmanTables, frameMarker, scanAt }: JpegOutline,
): Uint8Array {
  if (hasHuffmanTables || frameMarker > JPG) return jpeg
  return Buffer.concat([jpeg.subarray(0, scanAt), SEGMENT, jpeg.subarray(scanAt)])
}
