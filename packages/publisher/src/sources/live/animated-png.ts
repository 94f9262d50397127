const SIGNATURE = Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
const MAX_BYTES_BEFORE_PICTURE = 64 * 1024

/**
 * Tells whether bytes begin an animated PNG, which has a chunk that says so before its first picture.
 *
 * @returns `undefined` when there are not enough bytes yet to tell.
 */
export function isAnimatedPng(bytes: Buffer): boolean | undefined {
  if (bytes.length < SIGNATURE.length) return undefined
  if (!bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE)) return false
  let at = SIGNATURE.length
  while (at + 8 <= bytes.length) {
    const type = bytes.toString('latin1', at + 4, at + 8)
    if (type === 'acTL' || type === 'IDAT') return type === 'acTL'
    at += 12 + bytes.readUInt32BE(at)
  }
  return at > MAX_BYTES_BEFORE_PICTURE ? false : undefined
}
