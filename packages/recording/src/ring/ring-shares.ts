import type { Envelope } from '@zcast/shared'
import type { RingSegment } from './ring-segment.ts'
import { RingSeries } from './ring-series.ts'

const LEAST_SEGMENT_BYTES = 64 * 1024

/** The window is made of so many segments. */
const SEGMENTS = 30
const MAX_SEGMENT_SECONDS = 20

/** Topics of pictures and sound with a series of their own; further ones share one. */
const MAX_SERIES = 64

/** How much a {@link HistoryRing} keeps. */
export interface RingSize {
  readonly seconds: number
  readonly bytes: number
}

/** The series of a ring: one for numbers, text and the log, and one for each topic of pictures or sound. */
export class RingShares {
  /** That of numbers, text and the log. */
  readonly light: RingSeries
  readonly #heavy = new Map<string, RingSeries>()
  readonly #folder: string
  readonly #size: RingSize
  readonly #forget: (segment: RingSegment) => Promise<void>

  /** @param forget - Told of each segment that is about to go because it is too old or too much. */
  constructor(folder: string, size: RingSize, forget: (segment: RingSegment) => Promise<void>) {
    this.#folder = folder
    this.#size = size
    this.#forget = forget
    this.light = this.#makeSeries('light', true)
  }

  /** Those of pictures and sound. */
  get heavy(): readonly RingSeries[] {
    return [...this.#heavy.values()]
  }

  /** Every series. */
  get all(): readonly RingSeries[] {
    return [this.light, ...this.#heavy.values()]
  }

  /** The segments of every series. */
  get segments(): readonly RingSegment[] {
    return this.all.flatMap(({ segments }) => segments)
  }

  /** The series of a value; made for a topic that is new. */
  of({ topic, block }: Envelope): RingSeries {
    return block.kind === 'numbers' || block.kind === 'chat' ? this.light : this.heavyOf(topic)
  }

  /** The series of a topic of pictures, sound or messages of other programs; made for one that is new. */
  heavyOf(topic: string): RingSeries {
    const own = this.#heavy.get(topic)
    if (own) return own
    const key = this.#heavy.size < MAX_SERIES ? topic : ''
    const series = this.#heavy.get(key) ?? this.#makeSeries(`heavy-${this.#heavy.size}`, false)
    this.#heavy.set(key, series)
    return series
  }

  #makeSeries(name: string, isCompressed: boolean): RingSeries {
    const { seconds, bytes } = this.#size
    return new RingSeries({
      folder: this.#folder,
      name,
      isCompressed,
      forget: this.#forget,
      segmentSeconds: Math.min(seconds / SEGMENTS, MAX_SEGMENT_SECONDS),
      segmentBytes: Math.max(bytes / 64, LEAST_SEGMENT_BYTES),
    })
  }
}
