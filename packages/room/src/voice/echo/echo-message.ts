import type { checkEchoFormat } from './echo-format.ts'

type Format = ReturnType<typeof checkEchoFormat>

/** One message of the protocol: what somebody says, or that they go. */
export interface EchoMessage {
  readonly username: unknown
  /** The samples; empty when there are none. */
  readonly samples: Buffer
  readonly quit: boolean
}

const NOT_BASE64 = /[^A-Za-z0-9+/=\s]/
/**
 * More of these are no sound: brackets and braces, of which a message needs three and a name may have some, and commas,
 * one a chunk. Parsing 17 MiB of them holds up the whole room for seconds.
 */
const MOST_OF: readonly (readonly [character: string, most: number])[] = [
  ['[', 100],
  ['{', 100],
  [',', 1_000_000],
]

/**
 * Reads a message, without the NUL byte that ends it.
 *
 * @returns A clause that says what is wrong with it, as a string.
 */
export function readEchoMessage(bytes: Buffer): EchoMessage | string {
  const value = parse(bytes)
  if (value === undefined) return 'it is no JSON object'
  const { username, message, quit } = value
  if (quit === true) return { username, samples: Buffer.alloc(0), quit: true }
  if (!Array.isArray(message)) return 'it has no list of chunks'
  const samples = Buffer.allocUnsafe(bytes.length)
  let length = 0
  for (const chunk of message) {
    if (typeof chunk !== 'string' || NOT_BASE64.test(chunk)) return 'a chunk is not base64'
    length += samples.write(chunk, length, 'base64')
  }
  return { username, samples: samples.subarray(0, length), quit: false }
}

/**
 * Writes a message as the old server does, the NUL byte included: whole seconds, filled up with silence, because the old
 * programs play as many chunks as the seconds have. Letters beyond ASCII are escaped: they decode what they receive piece
 * by piece, and a letter cut in two would end them.
 */
export function writeEchoMessage(
  username: string,
  samples: Int16Array,
  { rate, channels, chunk }: Format,
): Buffer {
  const perChunk = chunk * channels
  const duration = Math.max(1, Math.ceil(samples.length / channels / rate))
  const count = Math.max(Math.floor(rate / chunk) * duration, Math.ceil(samples.length / perChunk))
  const padded = Buffer.alloc(count * perChunk * 2)
  Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength).copy(padded)
  const message: string[] = []
  for (let index = 0; index < count; index++) {
    message.push(padded.toString('base64', index * perChunk * 2, (index + 1) * perChunk * 2))
  }
  const json = JSON.stringify({ username, message, duration, quit: false })
  const ascii = json.replaceAll(
    /[^\x20-\x7e]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return Buffer.from(`${ascii}\0`, 'latin1')
}

function parse(bytes: Buffer): Record<string, unknown> | undefined {
  if (MOST_OF.some(([character, most]) => hasMore(bytes, character, most))) return undefined
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

function hasMore(bytes: Buffer, character: string, most: number): boolean {
  let count = 0
  for (let place = bytes.indexOf(character); place >= 0; place = bytes.indexOf(character, place + 1)) {
    count += 1
    if (count > most) return true
  }
  return false
}
