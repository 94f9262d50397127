import type { HistoryRange, LossNote, RecordedBlock, RecordedLine } from '@zcast/subscribers'
import { decodeValue, kindOfChannel } from '../messages/decode-value.ts'
import { decodeLogLine, LOG_TOPIC } from '../messages/log-note.ts'
import { decodeLossNote, LOSSES_TOPIC } from '../messages/loss-note.ts'
import { ChunkCache } from './chunk-cache.ts'
import type { ChunkFile, RecordedChannel } from './chunk-file.ts'
import { mergeChunks, type MessageRun, type PlacedChunk } from './merge-chunks.ts'
import { BlockReader } from './block-reader.ts'
import { valueChannels, type ValueChannel } from './value-channels.ts'

/** Memory of the losses and log lines of chunks that were read: as much as 20,000 lines take. */
const MAX_NOTES_BYTES = 4 * 1024 * 1024

/** A message of any program's topic. */
export interface RecordedMessage {
  readonly topic: string
  /** Seconds since the Unix epoch at which it was recorded. */
  readonly recordedAt: number
  /** Seconds since the Unix epoch at which it was published, by its own account. */
  readonly publishedAt: number
  /** How it is written: `json`, `cdr`, `protobuf`... */
  readonly encoding: string
  /** The name of its schema; empty when it has none. */
  readonly schema: string
  readonly data: Uint8Array
}

/** A message of a topic. */
interface TopicMessage {
  readonly data: Uint8Array
  /** Seconds since the Unix epoch at which it was recorded. */
  readonly time: number
}

/**
 * Reads what is in the chunks of files, as one history: of a recording, or of a file that is being written. What is
 * there at the time of a call is read.
 */
export class ChunkHistory {
  readonly #files: () => Iterable<ChunkFile>
  readonly #cache: ChunkCache
  /** Of each chunk the losses and lines alone, which are few: they are asked for with every moment that a page shows. */
  readonly #notes = new ChunkCache({
    read: async (file, place) => (await this.#cache.load(file, place))?.only(noteChannels(file)),
    maxBytes: MAX_NOTES_BYTES,
  })

  /**
   * @param files - Returns those that there are now.
   * @param onDamage - Called with each chunk that is found damaged.
   */
  constructor(files: () => Iterable<ChunkFile>, onDamage?: () => void) {
    this.#files = files
    this.#cache = new ChunkCache({ onDamage })
  }

  /** Seconds since the Unix epoch of the first message. */
  get from(): number | undefined {
    let from: number | undefined
    for (const file of this.#files())
      for (const chunk of file.chunks) if (from === undefined || chunk.from < from) from = chunk.from
    return from
  }

  /** Seconds since the Unix epoch of the last message. */
  get to(): number | undefined {
    let to: number | undefined
    for (const file of this.#files())
      for (const chunk of file.chunks) if (to === undefined || chunk.to > to) to = chunk.to
    return to
  }

  /** Chunks that were found damaged, or gone, and left out. */
  get damagedChunks(): number {
    return this.#cache.damaged
  }

  /** Messages of the channels that are asked for, in the order of time; others may be among them. */
  messages(
    wants: (channel: RecordedChannel) => boolean,
    { from = -Infinity, to = Infinity }: HistoryRange = {},
  ): AsyncGenerator<MessageRun> {
    return mergeChunks(this.#chunksWith(wants), this.#cache, { from, to })
  }

  /** See {@link History.blocks}. */
  async *blocks(range: HistoryRange = {}): AsyncGenerator<RecordedBlock> {
    const { topics, joinSeconds } = range
    const wants = (channel: RecordedChannel): boolean =>
      !channel.isRetained &&
      kindOfChannel(channel) !== undefined &&
      (!topics || topics.includes(channel.topic))
    const wanted = new Map<ChunkFile, ReadonlyMap<number, ValueChannel>>()
    const reader = new BlockReader(joinSeconds)
    for await (const run of this.messages(wants, range)) {
      let channels = wanted.get(run.file)
      if (!channels) wanted.set(run.file, (channels = valueChannels(run.file.channels, wants)))
      for (const blocks of reader.read(run, channels)) yield* blocks
    }
    yield* reader.take()
  }

  /** Every message as it is in the file, whichever program wrote it. @param only - Of this encoding. Default: all. */
  async *rawMessages(
    { topics, ...range }: HistoryRange = {},
    only?: string,
  ): AsyncGenerator<RecordedMessage> {
    const wants = ({ topic, messageEncoding, isRetained }: RecordedChannel): boolean =>
      !isRetained && (!topics || topics.includes(topic)) && (only ?? messageEncoding) === messageEncoding
    for await (const { file, chunk, start, end } of this.messages(wants, range)) {
      for (let index = start; index < end; index++) {
        const channel = file.channels.get(chunk.channels[index] as number)
        if (!channel || !wants(channel)) continue
        const { topic, schema, messageEncoding: encoding } = channel
        const [recordedAt, publishedAt] = [chunk.times[index] as number, chunk.publishTime(index)]
        yield { topic, recordedAt, publishedAt, encoding, schema, data: chunk.data(index) }
      }
    }
  }

  /** See {@link History.latest}. What a file begins with counts where the value itself is in none. */
  async latest(topic: string, time: number): Promise<RecordedBlock | undefined> {
    const own = await this.#latestOf(topic, time, false)
    const retained = await this.#latestOf(topic, time, true)
    const isNewer = retained && !(own && (own.recordedAt >= retained.recordedAt || isSame(own, retained)))
    return isNewer ? retained : own
  }

  async #latestOf(topic: string, time: number, isRetained: boolean): Promise<RecordedBlock | undefined> {
    const wants = (channel: RecordedChannel): boolean =>
      channel.topic === topic &&
      (channel.isRetained ?? false) === isRetained &&
      kindOfChannel(channel) !== undefined
    const until = ({ place }: PlacedChunk): number => Math.min(place.to, time)
    const chunks = this.#chunksWith(wants)
      .filter(({ place }) => place.from <= time)
      .toSorted((a, b) => until(b) - until(a))
    let latest: RecordedBlock | undefined
    for (const { file, place } of chunks) {
      if (latest && until({ file, place }) < latest.recordedAt) break
      const chunk = await this.#cache.load(file, place)
      if (!chunk) continue
      const channels = valueChannels(file.channels, wants)
      for (let index = chunk.firstAfter(time) - 1; index >= 0; index--) {
        const recordedAt = chunk.times[index] as number
        if (latest && recordedAt <= latest.recordedAt) break
        const channel = channels.get(chunk.channels[index] as number)
        const envelope = channel && decodeValue(topic, channel.kind, chunk.data(index))
        if (envelope) latest = { recordedAt, envelope, ...(isRetained && { isRetained }) }
      }
    }
    return latest
  }

  /** See {@link History.losses}. */
  async *losses({ topics, ...range }: HistoryRange = {}): AsyncGenerator<LossNote> {
    for await (const { data, time } of this.#notesOf(LOSSES_TOPIC, range)) {
      const note = decodeLossNote(data, time)
      if (note && (!topics || topics.includes(note.topic))) yield note
    }
  }

  /** See {@link History.lines}. */
  async *lines(range: Omit<HistoryRange, 'topics'> = {}): AsyncGenerator<RecordedLine> {
    for await (const { data, time } of this.#notesOf(LOG_TOPIC, range)) {
      const line = decodeLogLine(data)
      if (line !== undefined) yield { time, line }
    }
  }

  /** Losses, or lines of the log. */
  async *#notesOf(
    topic: string,
    { from = -Infinity, to = Infinity }: Omit<HistoryRange, 'topics'>,
  ): AsyncGenerator<TopicMessage> {
    const chunks = this.#chunksWith((channel) => channel.topic === topic)
    for await (const { file, chunk, start, end } of mergeChunks(chunks, this.#notes, { from, to }))
      for (let index = start; index < end; index++)
        if (file.channels.get(chunk.channels[index] as number)?.topic === topic)
          yield { data: chunk.data(index), time: chunk.times[index] as number }
  }

  #chunksWith(wants: (channel: RecordedChannel) => boolean): PlacedChunk[] {
    const placed: PlacedChunk[] = []
    for (const file of this.#files()) {
      const ids = new Set<number>()
      for (const [id, channel] of file.channels) if (wants(channel)) ids.add(id)
      if (ids.size === 0) continue
      for (const place of file.chunks)
        if (!place.channels || place.channels.some((id) => ids.has(id))) placed.push({ file, place })
    }
    return placed
  }
}

/** True for a value and its copy at the beginning of a later file. */
function isSame({ envelope: one }: RecordedBlock, { envelope: other }: RecordedBlock): boolean {
  return one.epoch === other.epoch && one.block.seq === other.block.seq
}

function noteChannels({ channels }: ChunkFile): ReadonlySet<number> {
  const ids = new Set<number>()
  for (const [id, { topic }] of channels) if (topic === LOSSES_TOPIC || topic === LOG_TOPIC) ids.add(id)
  return ids
}
