import type {
  History,
  HistoryRange,
  LossNote,
  RecordedBlock,
  RecordedLine,
  RecordedTopic,
} from '@zcast/subscribers'
import { numbers } from './dashboard.ts'

/** A past that is in memory. */
export class FakeHistory implements History {
  readonly kept: RecordedBlock[] = []
  readonly lostNotes: LossNote[] = []
  readonly logLines: RecordedLine[] = []
  /** Called before each value of `latest` is handed over: a slow disk. */
  beforeLatest: () => Promise<void> = () => Promise.resolve()

  get from(): number | undefined {
    return this.kept[0]?.recordedAt
  }

  get to(): number | undefined {
    return this.kept.at(-1)?.recordedAt
  }

  topics(): readonly RecordedTopic[] {
    const topics = new Set(this.kept.map(({ envelope }) => envelope.topic))
    return [...topics].toSorted().map((topic) => ({ topic, schema: '', messages: 1 }))
  }

  /** Adds a picture; what is in it does not matter unless it is said. */
  addPicture(
    recordedAt: number,
    topic = 'video/main',
    data: Uint8Array = Uint8Array.of(1),
    time = recordedAt,
    [width, height]: readonly [number, number] = [64, 48],
  ): void {
    const block = { kind: 'video', time, width, height, format: 'jpeg', data } as const
    this.kept.push({ recordedAt, envelope: { topic, epoch: 1, block: { ...block, seq: this.kept.length } } })
  }

  /** Adds an array. */
  addArray(recordedAt: number, values: readonly number[], topic = 'numbers/imu', time = recordedAt): void {
    const block = { ...numbers(values, time), seq: this.kept.length }
    this.kept.push({ recordedAt, envelope: { topic, epoch: 1, block } })
  }

  /** Adds a piece of sound, of one channel. */
  addSound(
    recordedAt: number,
    samples: Int16Array,
    { rate = 8000, time = recordedAt, topic = 'audio/main' } = {},
  ): void {
    const data = new Uint8Array(samples.buffer)
    const shape = { kind: 'audio', rate, channels: 1, samples: samples.length, format: 's16' } as const
    this.kept.push({
      recordedAt,
      envelope: { topic, epoch: 1, block: { ...shape, time, data, seq: this.kept.length } },
    })
  }

  /** Adds a line of a chat. */
  addSaid(
    recordedAt: number,
    name: string,
    text: string,
    { id = this.kept.length, removed = false } = {},
  ): void {
    const data = new TextEncoder().encode(text)
    const block = { kind: 'chat', time: recordedAt, id, name, guest: 'g', removed, data } as const
    this.kept.push({ recordedAt, envelope: { topic: 'chat/room', epoch: 1, block } })
  }

  async *blocks({ topics, ...range }: HistoryRange = {}): AsyncGenerator<RecordedBlock> {
    for (const block of this.kept.filter(({ recordedAt }) => isWithin(recordedAt, range)))
      if (!topics || topics.includes(block.envelope.topic)) yield block
  }

  async latest(topic: string, time: number): Promise<RecordedBlock | undefined> {
    await this.beforeLatest()
    return this.kept.findLast(({ recordedAt, envelope }) => envelope.topic === topic && recordedAt <= time)
  }

  async *losses(range: HistoryRange = {}): AsyncGenerator<LossNote> {
    yield* this.lostNotes.filter(({ time }) => isWithin(time, range))
  }

  async *lines(range: HistoryRange = {}): AsyncGenerator<RecordedLine> {
    yield* this.logLines.filter(({ time }) => isWithin(time, range))
  }
}

function isWithin(time: number, { from = 0, to = Number.POSITIVE_INFINITY }: HistoryRange): boolean {
  return time >= from && time <= to
}
