import type { RecordedBlock } from '@zcast/subscribers'
import { decodeValue } from '../messages/decode-value.ts'
import { NumbersRow } from '../messages/numbers-row.ts'
import { RowJoiner } from '../messages/row-joiner.ts'
import type { LoadedChunk } from './loaded-chunk.ts'
import type { MessageRun } from './merge-chunks.ts'
import type { ValueChannel } from './value-channels.ts'

/** Of recording: rows are joined, and wait for each other, for so long, unless less is asked for. */
const WINDOW_SECONDS = 0.01

/** Values that wait at most, however little time they span. */
const MOST_WAITING = 1024

/** What was recorded at one moment: a value, or rows to which more may be joined. */
type Waiting = RecordedBlock | WaitingRows

interface WaitingRows {
  readonly topic: string
  readonly rows: RowJoiner
}

/** Reads the values of messages, in the order in which they came, and joins rows of numbers. */
export class BlockReader {
  readonly #row = new NumbersRow()
  /** By topic: the rows to which the next may be joined. */
  readonly #joiners = new Map<string, RowJoiner>()
  #waiting: Waiting[] = []
  #since = 0
  readonly #windowSeconds: number

  constructor(windowSeconds = WINDOW_SECONDS) {
    this.#windowSeconds = windowSeconds
  }

  /** What waits. */
  take(): readonly RecordedBlock[] {
    const taken = this.#waiting.map((value) => ('rows' in value ? blockOfRows(value) : value))
    this.#waiting = []
    return taken
  }

  /**
   * Reads messages.
   *
   * @param channels - Those that are wanted, by the id that messages name.
   * @returns Now and then, what has come so far.
   */
  *read(
    { chunk, start, end }: MessageRun,
    channels: ReadonlyMap<number, ValueChannel>,
  ): Generator<readonly RecordedBlock[]> {
    for (let index = start; index < end; index++) {
      const channel = channels.get(chunk.channels[index] as number)
      if (!channel) continue
      const recordedAt = chunk.times[index] as number
      if (this.#waiting.length === 0) this.#since = recordedAt
      else if (recordedAt - this.#since > this.#windowSeconds || this.#waiting.length >= MOST_WAITING) {
        yield this.take()
        this.#since = recordedAt
      }
      this.#add(chunk, index, channel)
    }
  }

  #add(chunk: LoadedChunk, index: number, { topic, kind }: ValueChannel): void {
    const recordedAt = chunk.times[index] as number
    const { bytes, view } = chunk
    const row = this.#row
    if (
      kind === 'numbers' &&
      row.read(bytes, view, chunk.starts[index] as number, chunk.ends[index] as number)
    ) {
      const before = this.#joiners.get(topic)
      if (before?.add(bytes, view, row, recordedAt)) return
      const rows = new RowJoiner(bytes, view, row, recordedAt, before)
      this.#joiners.set(topic, rows)
      this.#waiting.push({ topic, rows })
      return
    }
    const envelope = decodeValue(topic, kind, chunk.data(index))
    if (envelope) this.#waiting.push({ recordedAt, envelope })
  }
}

function blockOfRows({ topic, rows }: WaitingRows): RecordedBlock {
  const { recordedAt, recordedUntil, epoch, arrivalTime, withheld } = rows
  return {
    recordedAt,
    ...(recordedUntil !== undefined && { recordedUntil }),
    envelope: {
      topic,
      epoch,
      ...(arrivalTime && { arrivalTime }),
      ...(withheld > 0 && { withheld }),
      block: rows.block(),
    },
  }
}
