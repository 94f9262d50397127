import {
  type Codec,
  type Envelope,
  isRejection,
  type Message,
  MsgpackCodec,
  type Rejection,
  valueCount,
} from '@zcast/shared'
import { mapEntries, mapHead, uintAt } from './msgpack-map.ts'

/** What a relay keeps of the message in which an envelope came. */
export interface Carried {
  readonly message: Message
  readonly seq: number
  readonly values: number
  /** The relays that it has passed. */
  readonly hops: number
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

  prefixes(subscription: string): readonly string[] {
    return this.#codec.prefixes(subscription)
  }

  encode(envelope: CarriedEnvelope): Message {
    const { carried, block, retained } = envelope
    const isWhole = carried !== undefined && block.seq === carried.seq && valueCount(block) === carried.values
    // Of numbers that are sent again the names are said, too.
    const isAsItCame = isWhole && !(retained && block.kind === 'numbers')
    const [topic, header, ...data] = isAsItCame ? carried.message : this.#codec.encode(envelope)
    const hops = (carried?.hops ?? 0) + 1
    return [topic as Uint8Array, rewrite(header as Uint8Array, envelope, hops), ...data]
  }

  decode(message: Message, wants?: (topic: string) => boolean): CarriedEnvelope | Rejection {
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
