import {
  type Codec,
  type Envelope,
  isRejection,
  type Message,
  MsgpackCodec,
  type Rejection,
  UNWANTED,
  valueCount,
} from '@zcast/shared'
import { MAX_TOPIC_BYTES } from '@zcast/shared/internal'
import { mapEntries, mapHead, uintAt } from './msgpack-map.ts'
import { RepeatedHeader } from './repeated-header.ts'

/** What a relay keeps of the message in which an envelope came. */
export interface Carried {
  readonly message: Message
  readonly seq: number
  readonly values: number
  /** The relays that it has passed. */
  readonly hops: number
  /** What its header has in common with those around it, where that is known. */
  readonly repeated?: RepeatedHeader | undefined
}

/** An envelope, and the message in which it came. */
export interface CarriedEnvelope extends Envelope {
  readonly carried?: Carried | undefined
  /** Makes a picture of what came, where the format above carries pixels. */
  readonly complete?: Codec['complete']
}

/** Keys that each relay writes anew; all others go through as they are. */
const OWN_KEYS: ReadonlySet<string> = new Set(['hops', 'lanes', 'retained', 'withheld'])

const TRUE = 0xc3

/** What topics of pictures begin with. */
const VIDEO = 'v'.codePointAt(0)

/** The topics whose headers are remembered, as many as a relay counts; of more, the oldest is forgotten. */
const MAX_REPEATED = 256

const KEYS = {
  hops: Buffer.from('\u00a4hops', 'latin1'),
  lanes: Buffer.from('\u00a5lanes', 'latin1'),
  retained: Buffer.from('\u00a8retained', 'latin1'),
  withheld: Buffer.from('\u00a8withheld', 'latin1'),
}

/**
 * The wire format for a relay: messages go on as they came, also with keys that nobody here knows, and with one more in
 * `hops`. Only what is told of the way (`lanes`, `retained`, `withheld`) is written anew. Pictures are not looked at.
 */
export class RelayCodec implements Codec {
  readonly hasLanes = true
  readonly #codec = new MsgpackCodec({ checksPictures: false })
  /** The headers that came last, by the topic of their pictures. */
  readonly #repeated = new Map<string, RepeatedHeader>()

  prefixes(subscription: string): readonly string[] {
    return this.#codec.prefixes(subscription)
  }

  encode(envelope: CarriedEnvelope): Message {
    const { carried, block, retained, withheld, lanes } = envelope
    const isWhole = carried !== undefined && block.seq === carried.seq && valueCount(block) === carried.values
    // Of numbers that are sent again the names are said, too.
    const isAsItCame = isWhole && !(retained && block.kind === 'numbers')
    const [topic, header, ...data] = isAsItCame ? carried.message : this.#codec.encode(envelope)
    const hops = (carried?.hops ?? 0) + 1
    const write = (given: Uint8Array): Uint8Array => rewrite(given, envelope, hops)
    const isRepeated = isAsItCame && !retained && !withheld
    const written = isRepeated
      ? carried.repeated?.handOn(header as Uint8Array, lanes === true, write)
      : undefined
    return [topic as Uint8Array, written ?? write(header as Uint8Array), ...data]
  }

  decode(message: Message, wants?: (topic: string) => boolean): CarriedEnvelope | Rejection {
    const [topicPart, header, data] = message
    // Of other kinds, hardly two headers are alike.
    if (!topicPart || topicPart[0] !== VIDEO || !header || !data) return this.#decode(message, wants)
    if (topicPart.byteLength > MAX_TOPIC_BYTES) return this.#decode(message, wants)
    const topic = Buffer.from(topicPart.buffer, topicPart.byteOffset, topicPart.byteLength).toString('latin1')
    const repeated = this.#repeated.get(topic)
    if (repeated?.fits(header) && message.length === 3) {
      const [seq, time] = [repeated.seq(header), repeated.time(header)]
      if (Number.isSafeInteger(seq) && Number.isFinite(time))
        return wants && !wants(topic) ? UNWANTED : carry({ topic, repeated, seq, time }, message, data)
    }
    const envelope = this.#decode(message, wants)
    if (!isRejection(envelope)) this.#remember(envelope, header)
    return envelope
  }

  #decode(message: Message, wants?: (topic: string) => boolean): CarriedEnvelope | Rejection {
    const envelope = this.#codec.decode(message, wants)
    if (isRejection(envelope)) return envelope
    const { block } = envelope
    const carried = {
      message,
      seq: block.seq as number,
      values: valueCount(block),
      hops: readHops(message[1] as Uint8Array),
    }
    return { ...envelope, carried }
  }

  #remember(
    { topic, epoch, block, retained, withheld, answer, ...rest }: CarriedEnvelope,
    header: Uint8Array,
  ): void {
    if (block.kind !== 'video' || retained || withheld || answer) return
    const { width, height, format } = block
    const { lanes, renditions, carried } = rest
    const hops = carried?.hops ?? 0
    const fields = { epoch: epoch as number, width, height, format, hops, lanes, renditions }
    const repeated = RepeatedHeader.of(header, fields)
    // What was remembered last is the last to be forgotten.
    this.#repeated.delete(topic)
    if (!repeated) return
    this.#repeated.set(topic, repeated)
    const [oldest] = this.#repeated.keys()
    if (this.#repeated.size > MAX_REPEATED) this.#repeated.delete(oldest as string)
  }
}

/** The envelope of a picture whose header is like the one before it. */
function carry(
  { topic, repeated, seq, time }: { topic: string; repeated: RepeatedHeader; seq: number; time: number },
  message: Message,
  data: Uint8Array,
): CarriedEnvelope {
  const { epoch, width, height, format, hops, lanes, renditions } = repeated.fields
  return {
    topic,
    epoch,
    lanes,
    renditions,
    block: { kind: 'video', seq, time, width, height, format, data },
    carried: { message, seq, values: 1, hops, repeated },
  }
}

function readHops(header: Uint8Array): number {
  const entry = mapEntries(header).find(({ key }) => key === 'hops')
  return (entry && uintAt(header, entry.valueAt)) ?? 0
}

function rewrite(header: Uint8Array, { lanes, retained, withheld }: Envelope, hops: number): Uint8Array {
  const kept: Uint8Array[] = []
  let count = 0
  for (const { key, start, end } of mapEntries(header)) {
    if (OWN_KEYS.has(key)) continue
    kept.push(header.subarray(start, end))
    count += 1
  }
  const added = [KEYS.hops, uint(hops)]
  if (lanes) added.push(KEYS.lanes, Uint8Array.of(TRUE))
  if (retained) added.push(KEYS.retained, Uint8Array.of(TRUE))
  if (withheld) added.push(KEYS.withheld, uint(withheld))
  return Buffer.concat([mapHead(count + added.length / 2), ...kept, ...added])
}

function uint(value: number): Uint8Array {
  if (value < 0x80) return Uint8Array.of(value)
  const bytes = Buffer.alloc(9)
  bytes[0] = 0xcf
  bytes.writeBigUInt64BE(BigInt(value), 1)
  return bytes
}
