import { readSize } from './jpeg-reader.ts'
import { BadHeader, readHeader } from './msgpack-reader.ts'

/** What a subscriber of one topic has to make of a message. */
export type Verdict =
  /** It never sees it, or passes over it as another stream's: counted nowhere. */
  | { readonly kind: 'elsewhere' }
  | { readonly kind: 'invalid' }
  | { readonly kind: 'unsupported' }
  | { readonly kind: 'good'; readonly epoch: number; readonly seq: number; readonly count: number }

const TOPIC = /^[a-z0-9]{1,32}(@[a-z0-9]{1,32})?\/[A-Za-z0-9._-]{1,64}$/

/** Judges a message by `docs/wire-format.md` alone; shares nothing with zcast's own reader. */
export function judge(parts: readonly Buffer[], subscription: string): Verdict {
  const [topic, header, ...attachments] = parts
  if (!topic?.subarray(0, subscription.length).equals(Buffer.from(subscription))) return { kind: 'elsewhere' }
  const isTopic = topic.length <= 130 && TOPIC.test(topic.toString('latin1'))
  if (isTopic && topic.length > subscription.length) return { kind: 'elsewhere' }
  if (!isTopic || !header) return { kind: 'invalid' }
  try {
    return judgeBody(readHeader(header), attachments, subscription)
  } catch (error) {
    if (error instanceof BadHeader) return { kind: 'invalid' }
    throw error
  }
}

function judgeBody(
  header: ReadonlyMap<string, unknown>,
  attachments: readonly Buffer[],
  topic: string,
): Verdict {
  const version = header.get('v')
  if (!isUint(version)) return { kind: 'invalid' }
  if (version !== 1) return { kind: 'unsupported' }
  const [epoch, seq, retained] = [header.get('epoch'), header.get('seq'), header.get('retained')]
  if (!isUint(epoch) || epoch >= 2 ** 32 || !isUint(seq) || !Number.isFinite(header.get('time')))
    return { kind: 'invalid' }
  if (retained !== undefined && typeof retained !== 'boolean') return { kind: 'invalid' }
  const count = topic.startsWith('video')
    ? countFrames(header, attachments)
    : countRows(header, attachments, seq)
  return typeof count === 'number' ? { kind: 'good', epoch, seq, count } : { kind: count }
}

type Refusal = 'invalid' | 'unsupported'

function countFrames(header: ReadonlyMap<string, unknown>, attachments: readonly Buffer[]): number | Refusal {
  const format = header.get('format')
  if (typeof format !== 'string') return 'invalid'
  if (format !== 'jpeg') return 'unsupported'
  const [picture] = attachments
  const size = attachments.length === 1 && picture ? readSize(picture) : undefined
  return size?.width === header.get('width') && size?.height === header.get('height') && size ? 1 : 'invalid'
}

function countRows(
  header: ReadonlyMap<string, unknown>,
  attachments: readonly Buffer[],
  seq: number,
): number | Refusal {
  const [data] = attachments
  if (!data) {
    const values = header.get('values')
    return Array.isArray(values) && values.length > 0 && values.every(Number.isFinite) ? 1 : 'invalid'
  }
  const [rows, columns, interval] = [header.get('rows'), header.get('columns'), header.get('interval')]
  if (attachments.length > 1 || !isUint(rows) || !isUint(columns) || rows < 1 || columns < 1) return 'invalid'
  if (rows * columns * 8 !== data.length || seq + rows - 1 > Number.MAX_SAFE_INTEGER) return 'invalid'
  if (interval !== undefined && !(Number.isFinite(interval) && Number(interval) >= 0)) return 'invalid'
  return rows
}

function isUint(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}
