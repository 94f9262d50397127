import type { BlockKind, Message, TopicShape } from '@zcast/shared'
import { lookAtPart, type PartLook } from './part-look.ts'

/** What a message looks like. */
export interface MessageLook {
  /**
   * The format: `zcast`; `imagezmq`, `netgear`; `json`, `msgpack`, `pickle`, `jpeg`, `png`, `text` by what comes after the
   * topic; otherwise `raw`.
   */
  readonly format: string
  /** What it carries, where that can be told. */
  readonly kind: BlockKind | undefined
  /** Each part of its content, without a topic before it. */
  readonly parts: readonly PartLook[]
  readonly shape: TopicShape
  /** One line for people: `640x480 JPEG`, `JSON with temp, hum`. */
  readonly description: string
}

/** More keys are not listed. */
const MAX_KEYS = 8

/** Tells what a message of an unknown format looks like, by its content: what is behind its topic. */
export function lookAtContent(content: Message): MessageLook {
  const body = content.map(lookAtPart)
  const known = lookAtHeader(body)
  if (known) return { ...known, parts: body }
  const picture = body.findLast(({ looks }) => looks === 'JPEG' || looks === 'PNG')
  const shown = picture ?? body.find(({ looks }) => looks !== 'empty')
  const { format, kind, description } = describe(shown)
  const { width, height } = picture ?? {}
  const isMore = body.length > 1 ? `, ${body.length} parts` : ''
  return {
    format,
    kind,
    parts: body,
    shape: picture ? { width, height, format: picture.looks.toLowerCase() } : {},
    description: `${description}${isMore}`,
  }
}

/** imagezmq and NetGear send a JSON header and a picture, and no topic. */
function lookAtHeader([header, picture]: readonly PartLook[]): Omit<MessageLook, 'parts'> | undefined {
  const value = header?.looks === 'JSON' ? asRecord(header.value) : undefined
  if (!value) return undefined
  const format = 'terminate_flag' in value ? 'netgear' : 'msg' in value && picture ? 'imagezmq' : undefined
  if (!format) return undefined
  if (!picture) return { format, kind: undefined, shape: {}, description: 'a notice without a picture' }
  const { width, height } = picture.looks === 'JPEG' ? picture : rawSize(value['shape'])
  const size = width === undefined ? `${picture.bytes} bytes` : `${width}x${height}`
  const description = `${size} ${picture.looks === 'JPEG' ? 'JPEG' : 'raw picture'}`
  const shape = { width, height, format: picture.looks === 'JPEG' ? 'jpeg' : 'raw' }
  return { format, kind: 'video', shape, description }
}

/** A shape of numpy: height, width, colours. */
function rawSize(shape: unknown): { width?: number | undefined; height?: number | undefined } {
  if (!Array.isArray(shape) || shape.length < 2) return {}
  const [height, width] = shape as unknown[]
  return typeof width === 'number' && typeof height === 'number' ? { width, height } : {}
}

function describe(part: PartLook | undefined): Pick<MessageLook, 'format' | 'kind' | 'description'> {
  if (!part) return { format: 'raw', kind: undefined, description: 'nothing' }
  const { looks, bytes, value } = part
  if (looks === 'JPEG' || looks === 'PNG') {
    const description = `${part.width}x${part.height} ${looks}`
    return { format: looks.toLowerCase(), kind: 'video', description }
  }
  if (looks === 'JSON' || looks === 'msgpack')
    return { format: looks.toLowerCase(), kind: undefined, description: `${looks} ${describeValue(value)}` }
  if (looks === 'a Python pickle')
    return { format: 'pickle', kind: undefined, description: `a Python pickle, protocol ${part.protocol}` }
  if (looks === 'text' || looks === 'a number') return { format: 'text', kind: undefined, description: looks }
  return { format: 'raw', kind: undefined, description: looks === 'empty' ? 'nothing' : `${bytes} ${looks}` }
}

function describeValue(value: unknown): string {
  if (Array.isArray(value)) return `array of ${value.length}`
  const keys = Object.keys(asRecord(value) ?? {})
  if (keys.length === 0) return 'without keys'
  return `with ${keys.slice(0, MAX_KEYS).join(', ')}${keys.length > MAX_KEYS ? ', ...' : ''}`
}

/** An object; `undefined` for anything else, arrays included. */
export function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined
}
