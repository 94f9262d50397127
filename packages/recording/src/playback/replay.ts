import { type BlockKind, formatTopic, parseTopic } from '@zcast/shared'
import { isKind, isSound } from '@zcast/shared/internal'
import type { History } from '@zcast/subscribers'
import { isPlayable } from './is-playable.ts'
import { liveBlock } from './live-block.ts'
import { Player } from './player.ts'
import type { PlayerOptions } from './player-options.ts'
import { ReplaySource } from './replay-source.ts'

/** The expected size of a message of numbers: 16 KiB, as a publisher makes them. */
const NUMBERS_BYTES = 16 * 1024

/**
 * Plays a recording as if it were live: a source for each stream, with the times of now, numbered anew without gaps.
 * Pictures that nobody watches are not read. Sound is left out where it is played faster or slower.
 *
 * @example
 * ```ts
 * import { mkdtemp } from 'node:fs/promises'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { Publisher } from '@zcast/publisher'
 * import { Recorder, Recording, Replay } from '@zcast/recording'
 *
 * const path = join(await mkdtemp(join(tmpdir(), 'recording-')), 'flight.mcap')
 * const recorder = new Recorder({ path })
 * await recorder.open()
 * const block = { kind: 'numbers', seq: 0, time: 1, rows: 1, columns: 1, data: Float64Array.of(21.5) }
 * await recorder.write({ topic: 'numbers/temp', epoch: 1, block })
 * await recorder.close()
 *
 * const recording = await Recording.open(path)
 * const publisher = await Publisher.open({ bind: 'tcp://127.0.0.1:*' })
 * const replay = await Replay.open(recording, { speed: 2 })
 * const runs = replay.sources.map((source) => publisher.run(source, { stream: source.stream }))
 * await Promise.all([...runs, replay.run()])
 * await publisher.close()
 * await recording.close()
 * ```
 */
export class Replay {
  /** Pauses it, and moves it about. */
  readonly player: Player
  /** To be run, all of them, before {@link Replay.run} begins. */
  readonly sources: readonly ReplaySource[]
  readonly #outlets = new Map<string, { readonly source: ReplaySource; readonly rendition: string }>()

  /**
   * Looks at what there is.
   *
   * @throws {@link OptionError} `ERR_OPTION` when the speed is not above 0.
   * @throws {@link SourceError} `ERR_SOURCE_FAILED` when the history cannot be read.
   */
  static async open(history: History, options: PlayerOptions = {}): Promise<Replay> {
    const known = history.topics().filter(isPlayable)
    const played = known.filter(({ topic }) => options.topics?.includes(topic) ?? true)
    const sizes = new Map<string, TopicSize>()
    for (const { topic, messages } of played)
      sizes.set(topic, { messages, bytes: await expectBytes(history, topic) })
    const topics = [...sizes.keys()]
    return new Replay(new Player(history, { joinsRows: true, ...options, topics }), sizes)
  }

  private constructor(player: Player, sizes: ReadonlyMap<string, TopicSize>) {
    this.player = player
    const streams = new Map<string, string[]>()
    for (const topic of sizes.keys()) {
      const { kind, stream = '' } = parseTopic(topic) ?? {}
      const own = `${kind}/${stream}`
      streams.set(own, [...(streams.get(own) ?? []), topic])
    }
    this.sources = [...streams].map(([own, topics]) => this.#makeSource(own, topics, sizes))
  }

  /**
   * Plays, until the end or until the signal aborts; then the sources end.
   *
   * @throws {@link SourceError} `ERR_SOURCE_FAILED` when the history cannot be read any further.
   */
  async run(signal: AbortSignal = new AbortController().signal): Promise<void> {
    const end = (): void => {
      for (const source of this.sources) source.end()
    }
    signal.addEventListener('abort', end)
    try {
      await Promise.all(this.sources.map(({ running }) => running))
      this.#demand()
      await this.player.run(({ envelope, recordedAt, dueAt, speed }) => {
        if (isSound(envelope.block) && !this.#isHeard) return undefined
        const { source, rendition } = this.#outlets.get(envelope.topic) ?? {}
        const isAtOnce = this.player.speed === Infinity
        const block = liveBlock(envelope.block, { recordedAt, dueAt, speed, isAtOnce })
        return source?.give(rendition && block.kind === 'video' ? { ...block, rendition } : block)
      }, signal)
    } finally {
      signal.removeEventListener('abort', end)
      end()
    }
  }

  /** Sound that is played faster or slower, or step by step, has gaps or overlaps. */
  get #isHeard(): boolean {
    const { speed, isPaused } = this.player
    return !isPaused && (speed === 1 || speed === Infinity)
  }

  #makeSource(own: string, topics: readonly string[], sizes: ReadonlyMap<string, TopicSize>): ReplaySource {
    const { kind, stream } = parseTopic(own) as { kind: BlockKind; stream: string }
    const outputs = topics.map((topic) => ({ topic, rendition: parseTopic(topic)?.rendition ?? '' }))
    const renditions = outputs.flatMap(({ rendition }) => (rendition === '' ? [] : [rendition]))
    const expectedBytes = Math.max(...topics.map((topic) => sizes.get(topic)?.bytes ?? 0))
    const messages = topics.reduce((sum, topic) => sum + (sizes.get(topic)?.messages ?? 0), 0)
    const told = { kind, stream, renditions, expectedBytes, messages }
    const source = new ReplaySource(told, () => this.#demand())
    for (const { topic, rendition } of outputs) this.#outlets.set(topic, { source, rendition })
    return source
  }

  #demand(): void {
    const wanted = this.sources.flatMap(({ kind, stream, wanted: outputs }) =>
      [...outputs].map((output) => formatTopic(kind, stream, output || undefined)),
    )
    this.player.want(wanted)
  }
}

/** How much there is of a topic. */
interface TopicSize {
  readonly messages: number
  /** Of a message. */
  readonly bytes: number
}

/** Pictures of a stream are about as large as its first one. */
async function expectBytes(history: History, topic: string): Promise<number> {
  const kind = parseTopic(topic)?.kind
  if (!isKind(kind) || kind === 'numbers' || kind === 'chat') return NUMBERS_BYTES
  for await (const { envelope } of history.blocks({ topics: [topic] }))
    return Math.ceil(envelope.block.data.byteLength * 1.25)
  return NUMBERS_BYTES
}
