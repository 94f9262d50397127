import type { Frame } from '@zcast/shared'
import { type MapEntry, mapEntries } from './msgpack-map.ts'

/** The types of msgpack that a number and a time have which take 8 bytes, whatever their values. */
const UINT64 = 0xcf
const FLOAT64 = 0xcb
const VALUE_BYTES = 8

/** What the headers of a stream's pictures have in common. */
export interface RepeatedFields extends Pick<Frame, 'width' | 'height' | 'format'> {
  readonly epoch: number
  readonly hops: number
  readonly lanes?: boolean | undefined
  readonly renditions?: readonly string[] | undefined
}

/**
 * The headers of a stream's pictures, of which only the number and the time differ from one to the next. One that is
 * like the one before it is recognized by its bytes, and neither checked nor decoded nor written again: at thirty
 * pictures a second, with everything evicted from the CPU's caches in between, that took a fifth of a relay's time.
 */
export class RepeatedHeader {
  readonly fields: RepeatedFields
  readonly #bytes: Uint8Array
  /** Where the values of the number and the time are: those that come first, and those that come second. */
  readonly #first: number
  readonly #second: number
  readonly #seqAt: number
  readonly #timeAt: number
  /** As they are handed on, by whether lanes are offered. */
  readonly #written = new Map<boolean, Written>()

  /**
   * Looks at a header that the codec has accepted.
   *
   * @returns `undefined` when its number or its time take another number of bytes.
   */
  static of(header: Uint8Array, fields: RepeatedFields): RepeatedHeader | undefined {
    const places = placesIn(header)
    return places && new RepeatedHeader(header, fields, places)
  }

  private constructor(header: Uint8Array, fields: RepeatedFields, { seqAt, timeAt }: Places) {
    this.fields = fields
    this.#bytes = Uint8Array.from(header)
    this.#seqAt = seqAt
    this.#timeAt = timeAt
    this.#first = Math.min(seqAt, timeAt)
    this.#second = Math.max(seqAt, timeAt)
  }

  /** True for a header that differs in nothing but its number and its time. */
  fits(header: Uint8Array): boolean {
    const own = this.#bytes
    const { length } = own
    if (header.byteLength !== length) return false
    const [first, second] = [this.#first, this.#second]
    for (let at = 0; at < length; at++) {
      if (at === first || at === second) at += VALUE_BYTES
      if (header[at] !== own[at]) return false
    }
    return true
  }

  /** The number in a header that fits. */
  seq(header: Uint8Array): number {
    const view = new DataView(header.buffer, header.byteOffset, header.byteLength)
    return view.getUint32(this.#seqAt) * 2 ** 32 + view.getUint32(this.#seqAt + 4)
  }

  /** The time in a header that fits. */
  time(header: Uint8Array): number {
    return new DataView(header.buffer, header.byteOffset, header.byteLength).getFloat64(this.#timeAt)
  }

  /**
   * Writes a header that fits as it is handed on.
   *
   * @param write - Writes such a header, with any number and time; they must take 8 bytes again.
   */
  handOn(header: Uint8Array, lanes: boolean, write: (header: Uint8Array) => Uint8Array): Uint8Array {
    const { bytes, seqAt, timeAt } = this.#writtenBy(lanes, write)
    const written = Buffer.from(bytes)
    for (let at = 0; at < VALUE_BYTES; at++) {
      written[seqAt + at] = header[this.#seqAt + at] as number
      written[timeAt + at] = header[this.#timeAt + at] as number
    }
    return written
  }

  #writtenBy(lanes: boolean, write: (header: Uint8Array) => Uint8Array): Written {
    const known = this.#written.get(lanes)
    if (known) return known
    const bytes = write(this.#bytes)
    const written = { bytes, ...(placesIn(bytes) as Places) }
    this.#written.set(lanes, written)
    return written
  }
}

interface Places {
  readonly seqAt: number
  readonly timeAt: number
}

interface Written extends Places {
  readonly bytes: Uint8Array
}

function placesIn(header: Uint8Array): Places | undefined {
  const entries = mapEntries(header)
  const seqAt = placeOf(entries, header, 'seq', UINT64)
  const timeAt = placeOf(entries, header, 'time', FLOAT64)
  return seqAt === undefined || timeAt === undefined ? undefined : { seqAt, timeAt }
}

/** Where the value of the only entry of a key begins, behind its type. */
function placeOf(
  entries: readonly MapEntry[],
  header: Uint8Array,
  name: string,
  type: number,
): number | undefined {
  const [entry, ...others] = entries.filter(({ key }) => key === name)
  return entry && others.length === 0 && header[entry.valueAt] === type ? entry.valueAt + 1 : undefined
}
