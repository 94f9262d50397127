import { Packr, Unpackr } from 'msgpackr'
import type { Block, Frame, NumbersBlock } from '../block.ts'
import { MAX_MESSAGE_BYTES, type Envelope, type Message } from '../envelope.ts'
import { CodecError } from '../errors.ts'
import { refuseJpeg } from '../jpeg-limits.ts'
import { countScans } from '../jpeg-scans.ts'
import { readJpegOutline } from '../jpeg-structure.ts'
import { MAX_RENDITIONS, heightOfRendition } from '../rendition-name.ts'
import { decodeTopic, parseTopic } from '../topic.ts'
import type { Codec, Rejection } from './codec.ts'
import { FrameHeader } from './frame-header.ts'
import { refuseHeader } from './header-scanner.ts'

/** The version of the wire format spoken here. */
export const WIRE_VERSION = 1

/** Values that fit a 64 KiB header beside the other keys, 9 bytes each; larger arrays travel as attachments. */
const MAX_HEADER_VALUES = 7000

/** The streams whose frame headers are remembered; a publisher with more packs those of the others anew each time. */
const MAX_FRAME_HEADERS = 64

// Records and 64-bit BigInts are extensions that other msgpack libraries do not read.
const OPTIONS = { useRecords: false, int64AsType: 'number' } as const

type Header = Readonly<Record<string, unknown>>

/** The wire format, version 1: `docs/wire-format.md`. A message depends on nothing that was before it. */
export class MsgpackCodec implements Codec {
  readonly #packr = new Packr(OPTIONS)
  readonly #unpackr = new Unpackr(OPTIONS)
  #topic = ''
  #topicBytes: Uint8Array = Buffer.alloc(0)
  readonly #frameHeaders = new Map<string, FrameHeader>()

  encode(envelope: Envelope): Message {
    const parts = this.#encodeParts(envelope)
    let byteLength = 0
    for (const part of parts) byteLength += part.byteLength
    if (byteLength > MAX_MESSAGE_BYTES) {
      throw new CodecError(
        'ERR_MESSAGE_SIZE',
        `a message of ${byteLength} bytes on ${envelope.topic} is over the limit of ${MAX_MESSAGE_BYTES}: send smaller pictures or fewer values`,
      )
    }
    return parts
  }

  #encodeParts(envelope: Envelope): Uint8Array[] {
    const { topic, epoch, retained, lanes, withheld, renditions, block } = envelope
    const { seq, time } = block
    if (block.kind === 'video' && !retained && !withheld && epoch !== undefined && seq !== undefined) {
      const header = this.#frameHeader(epoch, block, envelope)?.encode(seq, time)
      if (header) return [this.#encodeTopic(topic), header, block.data]
    }
    const header: Record<string, unknown> = { v: WIRE_VERSION, epoch, seq, time }
    if (retained) header['retained'] = true
    if (lanes) header['lanes'] = true
    if (withheld) header['withheld'] = withheld
    if (renditions) header['renditions'] = renditions
    if (block.kind === 'video') {
      const { width, height, format } = block
      return [this.#encodeTopic(topic), this.#packr.pack({ ...header, width, height, format }), block.data]
    }
    const values =
      block.rows === 1 && block.columns <= MAX_HEADER_VALUES ? toHeaderValues(block.data) : undefined
    if (values) {
      header['values'] = values
      return [this.#encodeTopic(topic), this.#packr.pack(header)]
    }
    header['rows'] = block.rows
    header['columns'] = block.columns
    if (block.interval !== undefined) header['interval'] = block.interval
    const { buffer, byteOffset, byteLength } = block.data
    const attachment = new Uint8Array(buffer, byteOffset, byteLength)
    return [this.#encodeTopic(topic), this.#packr.pack(header), attachment]
  }

  #frameHeader(
    epoch: number,
    { width, height, format }: Frame,
    { topic, lanes = false, renditions }: Envelope,
  ): FrameHeader | undefined {
    const fields = {
      v: WIRE_VERSION,
      epoch,
      width,
      height,
      format,
      ...(lanes && ({ lanes } as const)),
      ...(renditions && { renditions }),
    }
    const known = this.#frameHeaders.get(topic)
    if (known?.fits(fields)) return known
    if (!known && this.#frameHeaders.size >= MAX_FRAME_HEADERS) return undefined
    const header = new FrameHeader(this.#packr, fields)
    this.#frameHeaders.set(topic, header)
    return header
  }

  /** The bytes of a topic; mostly it is that of the message before. */
  #encodeTopic(topic: string): Uint8Array {
    if (topic !== this.#topic) {
      this.#topic = topic
      this.#topicBytes = Buffer.from(topic)
    }
    return this.#topicBytes
  }

  decode(message: Message): Envelope | Rejection {
    if (message.length < 2) return invalid('the message is not a topic and a header')
    const [topicPart, headerPart] = message as [Uint8Array, Uint8Array]
    const topic = decodeTopic(topicPart)
    const kind = topic === undefined ? undefined : parseTopic(topic)?.kind
    if (topic === undefined || kind === undefined) return invalid('the topic breaks the naming rules')
    const refusal = refuseHeader(headerPart)
    if (refusal !== undefined) return invalid(refusal)
    const header = this.#unpackr.unpack(headerPart) as Header
    if (header['v'] !== WIRE_VERSION) {
      return isUint(header['v'])
        ? unsupported(`the wire version is not ${WIRE_VERSION}`)
        : invalid('the header has no version')
    }
    const { epoch, seq, time, retained } = header
    if (!isUint(epoch) || epoch > 0xff_ff_ff_ff) return invalid('epoch is not a 32-bit unsigned integer')
    if (!isUint(seq)) return invalid('seq is not an unsigned integer')
    if (!isFinite(time)) return invalid('time is not a finite number')
    if (retained !== undefined && typeof retained !== 'boolean') return invalid('retained is not a boolean')
    const block = decodeBlock(kind, { seq, time }, header, message)
    if ('rejected' in block) return block
    const envelope = retained ? { topic, epoch, retained, block } : { topic, epoch, block }
    // Numbers, of which there are many, have neither.
    return block.kind === 'video' ? { ...envelope, ...readPictureKeys(header, seq) } : envelope
  }
}

/** What is neither as it should be, nor needed to show the picture, counts as absent. */
function readPictureKeys(
  { lanes, withheld, renditions }: Header,
  seq: number,
): Pick<Envelope, 'lanes' | 'withheld' | 'renditions'> {
  return {
    ...(lanes === true && { lanes }),
    ...(isUint(withheld) && withheld > 0 && { withheld: Math.min(withheld, seq) }),
    ...(isRenditions(renditions) && { renditions }),
  }
}

function isRenditions(names: unknown): names is readonly string[] {
  if (!Array.isArray(names) || names.length === 0 || names.length > MAX_RENDITIONS) return false
  let before = Number.POSITIVE_INFINITY
  return names.every((name: unknown) => {
    const height = (typeof name === 'string' && heightOfRendition(name)) || Number.POSITIVE_INFINITY
    const isSmaller = height < before
    before = height
    return isSmaller
  })
}

interface Position {
  readonly seq: number
  readonly time: number
}

function decodeBlock(kind: string, position: Position, header: Header, message: Message): Block | Rejection {
  if (kind === 'video') return decodeFrame(position, header, message)
  if (kind !== 'numbers') return unsupported('the kind of this topic is not known')
  return message.length === 2 ? decodeArray(position, header) : decodeRows(position, header, message)
}

function decodeArray({ seq, time }: Position, header: Header): NumbersBlock | Rejection {
  const values = header['values']
  if (!Array.isArray(values) || values.length === 0) return invalid('values is not an array of numbers')
  const data = new Float64Array(values.length)
  for (let index = 0; index < data.length; index++) {
    const value: unknown = values[index]
    if (!isFinite(value)) return invalid('values has something else than finite numbers')
    data[index] = value
  }
  return { kind: 'numbers', seq, time, rows: 1, columns: data.length, data }
}

function decodeRows({ seq, time }: Position, header: Header, message: Message): NumbersBlock | Rejection {
  const { rows, columns, interval } = header
  const attachment = message[2]
  if (message.length !== 3 || !attachment) return invalid('numbers have 2 or 3 parts')
  if (!isUint(rows) || !isUint(columns) || rows < 1 || columns < 1)
    return invalid('rows or columns is not 1 or more')
  if (rows * columns * 8 !== attachment.byteLength)
    return invalid('rows and columns do not match the bytes there')
  if (rows - 1 > Number.MAX_SAFE_INTEGER - seq) return invalid('seq is beyond 2^53')
  if (interval !== undefined && (!isFinite(interval) || interval < 0))
    return invalid('interval is not a duration')
  return { kind: 'numbers', seq, time, interval, rows, columns, data: float64View(attachment) }
}

function decodeFrame({ seq, time }: Position, header: Header, message: Message): Frame | Rejection {
  const { width, height, format } = header
  const data = message[2]
  if (typeof format !== 'string') return invalid('format is not a string')
  if (format !== 'jpeg') return unsupported('the picture format is not jpeg')
  if (message.length !== 3 || !data) return invalid('video has 3 parts')
  if (!isUint(width) || !isUint(height)) return invalid('width or height is not an unsigned integer')
  const outline = readJpegOutline(data)
  if (!outline) return invalid('the picture is not a complete JPEG')
  if (outline.width !== width || outline.height !== height)
    return invalid('the picture has another size than its header')
  // Before anybody is given it: players and browsers decode what they get, whatever memory that takes.
  if (refuseJpeg(data, outline) !== undefined)
    return invalid('the picture would cost more to decode than its bytes justify')
  if (countScans(data, outline) === undefined) return invalid('the picture is followed by something else')
  return { kind: 'video', seq, time, width, height, format, data }
}

/**
 * A plain array: msgpackr writes corrupt data for a Float64Array (measured with its default options). A loop takes a
 * third of the time of `Array.from` for arrays of six.
 *
 * @returns `undefined` for values that a header cannot hold: NaN and the infinities, which readers refuse there, and -0,
 *   which is packed as the integer 0.
 */
function toHeaderValues(data: Float64Array): number[] | undefined {
  const values: number[] = []
  for (let index = 0; index < data.length; index++) {
    const value = data[index] as number
    if (value === 0 ? Object.is(value, -0) : !Number.isFinite(value)) return undefined
    values.push(value)
  }
  return values
}

/** A view where the bytes are aligned to 8, else a copy: typed arrays cannot begin elsewhere. */
function float64View(bytes: Uint8Array): Float64Array {
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice()
  return new Float64Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 8)
}

function isUint(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isFinite(value: unknown): value is number {
  return Number.isFinite(value)
}

function invalid(reason: string): Rejection {
  return { rejected: 'invalid', reason }
}

function unsupported(reason: string): Rejection {
  return { rejected: 'unsupported', reason }
}
