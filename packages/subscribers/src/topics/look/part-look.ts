import { readJpegSize, unpackMsgpack } from '@zcast/shared/internal'

/** What a part of a message looks like. */
export interface PartLook {
  readonly bytes: number
  readonly looks:
    'empty' | 'JPEG' | 'PNG' | 'JSON' | 'msgpack' | 'a Python pickle' | 'gzip' | 'a number' | 'text' | 'bytes'
  /** The value, of JSON and msgpack; `undefined` otherwise. */
  readonly value?: unknown
  /** The text, as far as there is one: of JSON, numbers and text. */
  readonly text?: string | undefined
  /** Pixels, of a JPEG or PNG. */
  readonly width?: number | undefined
  readonly height?: number | undefined
  /** The protocol of a pickle. */
  readonly protocol?: number | undefined
}

/** A larger part is not parsed as JSON or msgpack: that a look may cost. */
const MAX_PARSED_BYTES = 256 * 1024

/** The deepest nesting of JSON and msgpack that is looked at. */
const MAX_DEPTH = 16

const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/

/** Says what untrusted bytes look like. Decodes no picture, and never runs or unpickles a pickle. Never throws. */
export function lookAtPart(bytes: Uint8Array): PartLook {
  const size = bytes.byteLength
  if (size === 0) return { bytes: size, looks: 'empty', text: '' }
  return (
    lookAtPicture(bytes) ??
    lookAtPickle(bytes) ??
    lookAtText(bytes) ??
    lookAtMsgpack(bytes) ?? { bytes: size, looks: isGzip(bytes) ? 'gzip' : 'bytes' }
  )
}

/** The text of bytes, where they are UTF-8 without control characters. */
export function printableText(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    // oxlint-disable-next-line no-control-regex -- these are what text does not have
    return /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(text) ? undefined : text
  } catch {
    return undefined
  }
}

/** Parses JSON. @returns `undefined` for what is none, or no object or array, or nests too deep. */
export function parseJson(text: string): unknown {
  if (!/^\s*[{[]/.test(text) || text.length > MAX_PARSED_BYTES) return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function lookAtPicture(bytes: Uint8Array): PartLook | undefined {
  const size = bytes.byteLength
  if (bytes[0] === 0xff && bytes[1] === 0xd8) {
    const pixels = readJpegSize(bytes)
    return pixels ? { bytes: size, looks: 'JPEG', ...pixels } : undefined
  }
  const isPng = size >= 24 && PNG.every((byte, index) => bytes[index] === byte)
  if (!isPng) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, size)
  return { bytes: size, looks: 'PNG', width: view.getUint32(16), height: view.getUint32(20) }
}

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const

/** Protocols 2 to 5 begin with their number, and every pickle ends with a dot. */
function lookAtPickle(bytes: Uint8Array): PartLook | undefined {
  const [mark, protocol = 0] = bytes
  if (mark !== 0x80 || protocol < 2 || protocol > 5 || bytes.at(-1) !== 0x2e) return undefined
  return { bytes: bytes.byteLength, looks: 'a Python pickle', protocol }
}

function lookAtText(bytes: Uint8Array): PartLook | undefined {
  const size = bytes.byteLength
  if (size > MAX_PARSED_BYTES) return undefined
  const text = printableText(bytes)
  if (text === undefined) return undefined
  const value = parseJson(text)
  if (value !== undefined) return { bytes: size, looks: 'JSON', text, value }
  return { bytes: size, looks: NUMBER.test(text.trim()) ? 'a number' : 'text', text }
}

function lookAtMsgpack(bytes: Uint8Array): PartLook | undefined {
  const size = bytes.byteLength
  const first = bytes[0] ?? 0
  const isContainer = (first >= 0x80 && first < 0xa0) || (first >= 0xdc && first <= 0xdf)
  if (!isContainer || size < 2 || size > MAX_PARSED_BYTES) return undefined
  const value = unpackMsgpack(bytes, MAX_DEPTH)
  return value === undefined ? undefined : { bytes: size, looks: 'msgpack', value }
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}
