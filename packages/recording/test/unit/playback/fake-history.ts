import { type Block, valueCount } from '@zcast/shared'
import type { TickerClock } from '@zcast/shared/internal'
import type { History, HistoryRange, RecordedBlock, RecordedTopic } from '@zcast/subscribers'

const SCHEMAS_OF: Readonly<Record<string, string>> = {
  video: 'foxglove.CompressedImage',
  audio: 'foxglove.RawAudio',
}

/** A history from memory, that notes what it is asked for. */
export class FakeHistory implements History {
  readonly asked: HistoryRange[] = []
  readonly #blocks: readonly RecordedBlock[]

  /** @param blocks - In the order of time: of numbers, rows of consecutive numbers are joined where that is allowed. */
  constructor(blocks: readonly RecordedBlock[]) {
    this.#blocks = blocks
  }

  get from(): number | undefined {
    return this.#blocks[0]?.recordedAt
  }

  get to(): number | undefined {
    return this.#blocks.at(-1)?.recordedAt
  }

  topics(): readonly RecordedTopic[] {
    const topics = [...new Set(this.#blocks.map(({ envelope }) => envelope.topic))].toSorted()
    return topics.map((topic) => ({
      topic,
      schema: SCHEMAS_OF[topic.split(/[@/]/)[0] ?? ''] ?? 'zcast.Numbers',
      messages: this.#blocks.filter(({ envelope }) => envelope.topic === topic).length,
    }))
  }

  async *blocks(range: HistoryRange = {}): AsyncGenerator<RecordedBlock> {
    this.asked.push(range)
    const { topics, from = 0, to = Infinity, joinSeconds } = range
    const wanted = this.#blocks.filter(
      ({ recordedAt, envelope }) =>
        recordedAt >= from && recordedAt <= to && (topics?.includes(envelope.topic) ?? true),
    )
    yield* joinSeconds === 0 ? wanted : join(wanted)
  }

  async latest(topic: string, time: number): Promise<RecordedBlock | undefined> {
    return this.#blocks.findLast(({ recordedAt, envelope }) => envelope.topic === topic && recordedAt <= time)
  }

  async *losses(): AsyncGenerator<never> {}

  async *lines(): AsyncGenerator<never> {}
}

/** Joins rows to five at most, also over values of other topics, and keeps the order of the first of each. */
function join(blocks: readonly RecordedBlock[]): readonly RecordedBlock[] {
  const joined: RecordedBlock[] = []
  const open = new Map<string, number>()
  for (const block of blocks) {
    const { topic, block: own } = block.envelope
    const at = open.get(topic)
    const before = at === undefined ? undefined : joined[at]
    const rows = before?.envelope.block
    if (at === undefined || !before || rows?.kind !== 'numbers' || own.kind !== 'numbers' || rows.rows >= 5) {
      open.set(topic, joined.push(block) - 1)
      continue
    }
    const data = Float64Array.of(...rows.data, ...own.data)
    const longer = { ...rows, rows: rows.rows + own.rows, interval: 0.001, data }
    joined[at] = {
      ...before,
      recordedUntil: block.recordedAt,
      envelope: { ...before.envelope, block: longer },
    }
  }
  return joined
}

/** A clock whose sleeps are over at once; one that is longer than an hour lasts until its signal aborts. */
export class FakeClock implements TickerClock {
  nowMs = 0
  /** How much too long each sleep is. */
  overrunMs = 0

  monotonicMs(): number {
    return this.nowMs
  }

  wallSeconds(): number {
    return 5_000_000 + this.nowMs / 1000
  }

  async sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
    if (milliseconds > 3_600_000) return untilAborted(signal)
    this.nowMs += milliseconds + this.overrunMs
  }
}

async function untilAborted(signal: AbortSignal | undefined): Promise<void> {
  if (!signal?.aborted) await new Promise((resolve) => signal?.addEventListener('abort', resolve))
}

/** Numbers that came at a moment: a row for each value. */
export function numbersAt(recordedAt: number, seq: number, rows = 1, topic = 'numbers/a'): RecordedBlock {
  const data = Float64Array.from({ length: rows }, (_, row) => seq + row)
  const shape = { rows, columns: 1, data, ...(rows > 1 && { interval: 0.001 }) }
  return recorded(recordedAt, topic, { kind: 'numbers', seq, time: recordedAt - 0.01, ...shape })
}

/** A picture that came at a moment. */
export function pictureAt(recordedAt: number, seq: number, topic = 'video/a'): RecordedBlock {
  const size = { width: 1, height: 1, format: 'jpeg', data: new Uint8Array(1) } as const
  return recorded(recordedAt, topic, { kind: 'video', seq, time: recordedAt - 0.02, ...size })
}

/** Sound that came at a moment. */
export function soundAt(recordedAt: number, seq: number): RecordedBlock {
  const shape = { rate: 8000, channels: 1, samples: 1, format: 's16', data: new Uint8Array(2) } as const
  return recorded(recordedAt, 'audio/a', { kind: 'audio', seq, time: recordedAt, ...shape })
}

function recorded(recordedAt: number, topic: string, block: Block): RecordedBlock {
  return { recordedAt, envelope: { topic, epoch: 1, block } }
}

/** `numbers/a #3`, for each value. */
export function namesOf(blocks: readonly Pick<RecordedBlock, 'envelope'>[]): readonly string[] {
  return blocks.flatMap(({ envelope: { topic, block } }) =>
    Array.from({ length: valueCount(block) }, (_, row) => `${topic} #${(block.seq ?? 0) + row}`),
  )
}
