import { encodeZ85 } from './z85.ts'

/** ZeroMQ's question to the handler that decides which clients may connect (RFC 27, ZAP). */
export interface ZapRequest {
  /** The domain of the socket that the client connected to; each socket has its own. */
  readonly domain: string
  /** The address of the peer, as ZeroMQ knows it. */
  readonly address: string
  /** The client's public key; `undefined` for mechanisms other than CURVE. */
  readonly publicKey: string | undefined
}

/** Version, request id, domain, address, routing id and mechanism; the credentials follow. */
const FIXED_FRAMES = 6
const MAX_FRAMES = FIXED_FRAMES + 2
const MAX_FRAME_BYTES = 255
const KEY_BYTES = 32
const VERSION = '1.0'

/** Parses a request. @returns `undefined` when it is malformed; the frames may hold anything. */
export function parseZapRequest(frames: readonly Uint8Array[]): ZapRequest | undefined {
  if (frames.length < FIXED_FRAMES || frames.length > MAX_FRAMES) return undefined
  if (frames.some((frame) => frame.byteLength > MAX_FRAME_BYTES)) return undefined
  const [version, , domain, address, , mechanism] = frames.map((frame) =>
    Buffer.from(frame).toString('latin1'),
  )
  if (version !== VERSION || domain === undefined || address === undefined) return undefined
  const key = frames[FIXED_FRAMES]
  if (mechanism !== 'CURVE') return { domain, address, publicKey: undefined }
  if (key?.byteLength !== KEY_BYTES || frames.length !== FIXED_FRAMES + 1) return undefined
  return { domain, address, publicKey: encodeZ85(key) }
}

/** The answer: the client may connect, is refused, or the request could not be read. */
export type ZapAnswer = 'allowed' | 'refused' | 'malformed'

const STATUS: Readonly<Record<ZapAnswer, readonly [code: string, text: string]>> = {
  allowed: ['200', 'OK'],
  refused: ['400', 'not allowed'],
  malformed: ['500', 'malformed request'],
}

/** Formats the reply to a request; its id is sent back when there is one. */
export function formatZapReply(frames: readonly Uint8Array[], answer: ZapAnswer): (Uint8Array | string)[] {
  const [, id = ''] = frames
  const [code, text] = STATUS[answer]
  return [VERSION, typeof id === 'string' || id.byteLength <= MAX_FRAME_BYTES ? id : '', code, text, '', '']
}
