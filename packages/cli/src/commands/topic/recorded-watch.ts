import { decodeRawMessage, RAW_ENCODING, type Recording } from '@zcast/recording'
import { type Envelope, MsgpackCodec, type Message, valueCount } from '@zcast/shared'
import { matchesSubscription } from '@zcast/shared/internal'
import {
  AnyReader,
  type Sighting,
  type TopicAccount,
  TopicBook,
  type TopicWatch,
} from '@zcast/subscribers/topics'

/** What verbs ask of a watch. */
export type Watch = Pick<
  TopicWatch,
  'topics' | 'endpoints' | 'isBehind' | 'behindSeconds' | 'longestStallMs' | 'clockOf' | 'looked'
>

/** Parts of a recording of which the figures are kept; all of them together are exact. */
const SLICES = 60
const LEAST_SLICE_MS = 1000

/** Counts what is in a recording as if it had just come: by its own times, all at once. */
export class RecordedWatch implements Watch {
  readonly endpoints: Watch['endpoints'] = []
  readonly isBehind = false
  readonly behindSeconds = 0
  readonly longestStallMs = 0
  /** The end of the recording, as a time in milliseconds. */
  readonly nowMs: number
  readonly #recording: Recording
  readonly #wanted: readonly string[]
  readonly #book: TopicBook
  readonly #codec = new MsgpackCodec()

  /** @param wanted - Topics, or `KIND/`; empty for all. */
  constructor(recording: Recording, wanted: readonly string[]) {
    const { from = 0, to = 0, path } = recording
    this.#recording = recording
    this.#wanted = wanted
    this.nowMs = to * 1000
    const sliceMs = Math.max(((to - from) * 1000) / SLICES, LEAST_SLICE_MS)
    this.#book = new TopicBook(path, new AnyReader(), Number.POSITIVE_INFINITY, sliceMs)
  }

  get topics(): readonly TopicAccount[] {
    return [...this.#book.accounts.values()].toSorted((a, b) => (a.topic < b.topic ? -1 : 1))
  }

  clockOf(): undefined {
    return undefined
  }

  async looked(): Promise<void> {
    // It is known once it has been read.
  }

  /**
   * Reads all of it.
   *
   * @param onMessage - Called with each message, as it is on the wire; the next one waits for what it returns.
   */
  async read(
    signal: AbortSignal,
    onMessage?: (
      message: Message,
      sighting: Sighting,
      account: TopicAccount,
    ) => Promise<unknown> | undefined | void,
  ): Promise<void> {
    for await (const { message, sighting, recordedAt } of this.#messages()) {
      if (signal.aborted) return
      const arrival = { atMs: recordedAt * 1000, time: recordedAt, isSettled: true }
      const account = this.#book.count(message, sighting, arrival)
      const handled = account && onMessage?.(message, sighting, account)
      if (handled) await handled
    }
  }

  async *#messages(): AsyncGenerator<{ message: Message; sighting: Sighting; recordedAt: number }> {
    const names = this.#recording.topics().map(({ topic }) => topic)
    const topics = names.filter((topic) => this.#wants(topic))
    const known = topics.filter((topic) => this.#recording.hasValues(topic))
    for await (const { recordedAt, envelope } of this.#recording.blocks({ topics: known, joinSeconds: 0 }))
      yield { recordedAt, ...this.#onTheWire(envelope) }
    const foreign = topics.filter((topic) => !known.includes(topic))
    if (foreign.length === 0) return
    for await (const { topic, recordedAt, publishedAt: time, data, encoding } of this.#recording.messages({
      topics: foreign,
    })) {
      const raw = encoding === RAW_ENCODING ? decodeRawMessage(data) : undefined
      const message = raw ?? [new TextEncoder().encode(topic), data]
      yield {
        message,
        sighting: { topic, values: 1, bytes: data.byteLength, time, isOwn: false },
        recordedAt,
      }
    }
  }

  #onTheWire(envelope: Envelope): { message: Message; sighting: Sighting } {
    const { topic, epoch, block } = envelope
    const { seq, time } = block
    const message = this.#codec.encode({
      ...envelope,
      epoch: epoch ?? 0,
      block: { ...block, seq: seq ?? 0 },
    })
    const bytes = message.reduce((sum, part) => sum + part.byteLength, 0)
    const interval = block.kind === 'numbers' ? block.interval : undefined
    const values = valueCount(block)
    return { message, sighting: { topic, values, bytes, epoch, seq, time, interval, isOwn: true } }
  }

  #wants(topic: string): boolean {
    return this.#wanted.length === 0 || this.#wanted.some((wanted) => matchesSubscription(topic, wanted))
  }
}
