import {
  type Block,
  type BlockKind,
  KINDS,
  parseTopic,
  type TopicOffer,
  type TopicShape,
  valueCount,
} from '@zcast/shared'
import { SentRate } from './sent-rate.ts'

/** What is known of a topic when it begins. */
export interface BegunTopic {
  readonly kind: BlockKind
  /** The epoch now: another one is drawn where names change; `undefined` while another publisher has not told it. */
  readonly epoch: () => number | undefined
  /** The renditions of the stream. Default none. */
  readonly renditions?: readonly string[] | undefined
  /** What its values will look like. Default: unknown until the first is sent. */
  readonly shape?: TopicShape | undefined
}

interface Entry {
  readonly begun: BegunTopic
  readonly rate: SentRate
  /** What another publisher says of it, whose values are forwarded. */
  announced: TopicOffer | undefined
  shape: TopicShape
  epoch: number | undefined
  sent: number
  time: number | undefined
}

/** The most topics that an answer names; further ones are sent, but not told of. */
const MAX_OFFERS = 256

/** The topics that a publisher sends now, and what the newest value of each looked like. */
export class TopicOffers {
  readonly #entries = new Map<string, Entry>()
  readonly #epochs = new Map<string, number>()
  readonly #onChange: () => void

  /** @param onChange - Called when a topic begins or ends, or its values begin to look different. */
  constructor(onChange: () => void) {
    this.#onChange = onChange
  }

  /** The running topics of pictures, and their epochs, by which lanes are asked for. */
  get epochs(): ReadonlyMap<string, number> {
    return this.#epochs
  }

  /** A topic begins. */
  begin(topic: string, begun: BegunTopic): void {
    const { shape = {} } = begun
    this.#entries.set(topic, {
      begun,
      rate: new SentRate(),
      announced: undefined,
      shape,
      epoch: undefined,
      sent: 0,
      time: undefined,
    })
    this.follow(topic)
    this.#onChange()
  }

  /** A topic has another epoch. */
  follow(topic: string): void {
    const { kind, epoch } = this.#entries.get(topic)?.begun ?? {}
    const now = epoch?.()
    if (kind && KINDS[kind].isNewestFirst && now !== undefined) this.#epochs.set(topic, now)
  }

  /** Notes what another publisher says of a topic whose values are forwarded. */
  announce(topic: string, offer: TopicOffer): void {
    const entry = this.#entries.get(topic)
    if (!entry) return
    const before = entry.announced
    entry.announced = offer
    if (before?.epoch !== offer.epoch || before.width !== offer.width || before.columns !== offer.columns)
      this.#onChange()
  }

  /** A topic has ended. */
  end(topic: string): void {
    this.#epochs.delete(topic)
    if (this.#entries.delete(topic)) this.#onChange()
  }

  /**
   * Notes what was sent of a topic.
   *
   * @param newest - The last of the blocks.
   * @param epoch - Its epoch.
   */
  sent(
    topic: string,
    newest: Block,
    epoch: number | undefined,
    tally: { values: number; messages: number; bytes: number },
  ): void {
    const entry = this.#entries.get(topic)
    if (!entry) return
    entry.rate.add(tally.values, tally.messages, tally.bytes)
    entry.sent = (newest.seq ?? 0) + valueCount(newest)
    entry.time = newest.time
    const isNew = entry.epoch !== epoch
    entry.epoch = epoch
    if (!isNew && looksAlike(entry.shape, newest)) return
    entry.shape = shapeOf(newest)
    this.#onChange()
  }

  /** What is sent now. */
  list(): readonly TopicOffer[] {
    return [...this.#entries].slice(0, MAX_OFFERS).map(([topic, entry]) => offerOf(topic, entry))
  }
}

function offerOf(topic: string, { begun, rate, announced, shape, epoch, sent, time }: Entry): TopicOffer {
  const now = begun.epoch() ?? 0
  const isRendition = parseTopic(topic)?.rendition !== undefined
  const told = announced?.epoch === now ? announced : undefined
  return {
    ...told,
    topic,
    kind: begun.kind,
    epoch: now,
    sent: Math.max(epoch === now ? sent : 0, told?.sent ?? 0),
    ...rate.read(),
    time: time ?? told?.time,
    ...shape,
    ...(!isRendition && begun.renditions && { renditions: begun.renditions }),
  }
}

function looksAlike(shape: TopicShape, block: Block): boolean {
  if (block.kind === 'numbers')
    // Most messages carry no names; those that do have the names of their epoch.
    return shape.columns === block.columns && (!block.names || shape.names !== undefined)
  if (block.kind === 'video') return shape.width === block.width && shape.height === block.height
  if (block.kind === 'chat') return true
  return shape.rate === block.rate && shape.channels === block.channels && shape.format === block.format
}

function shapeOf(block: Block): TopicShape {
  if (block.kind === 'numbers') {
    const { columns, names, units } = block
    return { columns, names, units }
  }
  if (block.kind === 'video') {
    const { width, height, format } = block
    return { width, height, format }
  }
  if (block.kind === 'chat') return {}
  const { rate, channels, format } = block
  return { rate, channels, format }
}
