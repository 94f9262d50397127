// RFC 32/Z85: no quotes and no backslash, so that a key can be put into a configuration file unchanged.
const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#'

const VALUES = new Map(Array.from(ALPHABET, (letter, value) => [letter, value] as const))

/** Four bytes become five letters. */
const GROUP = 5

/**
 * Encodes bytes as Z85 text (RFC 32 of ZeroMQ).
 *
 * @param bytes - Their number must be a multiple of four.
 */
export function encodeZ85(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let text = ''
  for (let offset = 0; offset < bytes.byteLength; offset += 4) {
    let value = view.getUint32(offset)
    let group = ''
    for (let letter = 0; letter < GROUP; letter++) {
      group = ALPHABET.charAt(value % 85) + group
      value = Math.floor(value / 85)
    }
    text += group
  }
  return text
}

/** Decodes Z85 text. @returns `undefined` when it is not Z85. */
export function decodeZ85(text: string): Uint8Array | undefined {
  if (text.length % GROUP !== 0) return undefined
  const bytes = new Uint8Array((text.length / GROUP) * 4)
  const view = new DataView(bytes.buffer)
  for (let group = 0; group < text.length / GROUP; group++) {
    let value = 0
    for (const letter of text.slice(group * GROUP, (group + 1) * GROUP)) {
      value = value * 85 + (VALUES.get(letter) ?? Number.NaN)
    }
    // 85^5 is a little more than 2^32.
    if (!(value <= 0xff_ff_ff_ff)) return undefined
    view.setUint32(group * 4, value)
  }
  return bytes
}
