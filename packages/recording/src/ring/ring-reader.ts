import type { HistoryRange, LossNote, RecordedBlock, RecordedLine, RecordedTopic } from '@zcast/subscribers'
import { joinRows } from '../join-rows.ts'
import { mergeByTime } from '../merge-by-time.ts'
import { decodeValue } from '../messages/decode-value.ts'
import { decodeLogLine, LOG_TOPIC } from '../messages/log-line-note.ts'
import { decodeLossNote, LOSSES_TOPIC } from '../messages/loss-note.ts'
import { readSeries, type RingMessage, type RingSelection, selectChunks } from './read-series.ts'
import type { RingSeries } from './ring-series.ts'

/** Topics of what is no value. */
const NOTES: ReadonlySet<string> = new Set([LOSSES_TOPIC, LOG_TOPIC])

/** Reads the series of a ring as one history. */
export class RingReader {
  readonly #series: () => readonly RingSeries[]

  constructor(series: () => readonly RingSeries[]) {
    this.#series = series
  }

  get from(): number | undefined {
    const starts = this.#series().flatMap(({ segments }) =>
      segments.flatMap(({ chunks }) => chunks[0]?.from ?? []),
    )
    return starts.length === 0 ? undefined : Math.min(...starts)
  }

  get to(): number | undefined {
    const ends = this.#series().flatMap(({ segments }) => segments.map(({ to }) => to))
    const last = Math.max(0, ...ends)
    return last === 0 ? undefined : last
  }

  topics(): readonly RecordedTopic[] {
    const topics = new Map<string, RecordedTopic>()
    for (const { counts, channels } of this.#series().flatMap(({ segments }) => segments)) {
      for (const { channel, schema } of channels.all()) {
        const { topic } = channel
        const count = counts.get(topic)
        if (count === undefined || NOTES.has(topic)) continue
        const messages = (topics.get(topic)?.messages ?? 0) + count
        topics.set(topic, { topic, schema: schema?.name ?? '', messages })
      }
    }
    return [...topics.values()].toSorted((a, b) => (a.topic < b.topic ? -1 : 1))
  }

  async *blocks({ topics, ...range }: HistoryRange = {}): AsyncGenerator<RecordedBlock> {
    const wanted = topics && new Set(topics)
    const wants = (topic: string): boolean => wanted?.has(topic) ?? !NOTES.has(topic)
    yield* joinRows(this.#values(this.#read({ ...range, wants })))
  }

  async latest(topic: string, time: number): Promise<RecordedBlock | undefined> {
    const selection = { wants: (other: string) => other === topic, from: -Infinity, to: time }
    for (const { segments } of this.#series()) {
      const messages = readSeries(selectChunks(segments, selection), selection, true)
      for await (const value of this.#values(messages)) return value
    }
    return undefined
  }

  async *losses({ topics, ...range }: HistoryRange = {}): AsyncGenerator<LossNote> {
    for await (const { message, time } of this.#read({
      ...range,
      wants: (topic) => topic === LOSSES_TOPIC,
    })) {
      const note = decodeLossNote(message.data, time)
      if (note && (!topics || topics.includes(note.topic))) yield note
    }
  }

  async *lines(range: Omit<HistoryRange, 'topics'> = {}): AsyncGenerator<RecordedLine> {
    for await (const { message, time } of this.#read({ ...range, wants: (topic) => topic === LOG_TOPIC })) {
      const line = decodeLogLine(message.data, time)
      if (line) yield line
    }
  }

  #read({
    wants,
    from = -Infinity,
    to = Infinity,
  }: Pick<HistoryRange, 'from' | 'to'> & Pick<RingSelection, 'wants'>): AsyncGenerator<RingMessage> {
    const selection = { wants, from, to }
    const parts = this.#series().map(({ segments }) => selectChunks(segments, selection))
    return mergeByTime(
      parts.filter(({ length }) => length > 0).map((each) => readSeries(each, selection)),
      ({ time }) => time,
    )
  }

  async *#values(messages: AsyncIterable<RingMessage>): AsyncGenerator<RecordedBlock> {
    for await (const { channel, schema, message } of messages) {
      const value = decodeValue(channel, schema, message)
      if (value) yield value
    }
  }
}
