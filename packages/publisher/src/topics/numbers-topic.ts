import { CodecError, type ColumnLabels, MAX_MESSAGE_BYTES, type NumbersBlock, wallClock } from '@zcast/shared'
import { checkTime } from './check-time.ts'
import { copyRows, type NumbersRow } from './number-rows.ts'
import { TopicHandle, type TopicLink } from './topic-handle.ts'

/** The time at which the values were measured. */
export interface SendNumbersOptions {
  /** Seconds since the Unix epoch at which the first row was measured. Default: now. */
  readonly time?: number | undefined
  /** Seconds between the rows, if there are several; 0 or more. Default 0. */
  readonly interval?: number | undefined
}

/** The largest row, in bytes: what fits a message beside its header. */
const MAX_ROW_BYTES = MAX_MESSAGE_BYTES - 64 * 1024

/** One topic of numbers of a publisher: `publisher.topic('numbers/imu')`. */
export class NumbersTopic extends TopicHandle {
  readonly #labels: ColumnLabels
  readonly #columns: number | undefined

  /** @internal Use {@link Publisher.topic}, which checks the labels. */
  constructor(link: TopicLink, labels: ColumnLabels) {
    super(link)
    this.#labels = labels
    this.#columns = (labels.names ?? labels.units)?.length
  }

  /**
   * Sends one array of numbers, or several of the same length at once. They are copied. Values sent in the same turn of
   * the event loop share messages automatically.
   *
   * Resolves once the values are in the message being built; after 256 rows, 16 KiB or 1 ms, once that message was
   * handed to ZeroMQ and the event loop has turned. With delivery `all` that waits for the slowest subscriber. Without
   * awaiting it, at most 64 MiB may be waiting: further values are dropped, logged, and counted in `publisher.dropped`.
   *
   * @param values - Any finite numbers; NaN stands for a missing value, and infinities are sent as they are.
   * @throws {@link CodecError} `ERR_VALUE` when it is anything else, is empty, or does not match the columns;
   *   `ERR_MESSAGE_SIZE` when one row does not fit a message (16 MiB); `ERR_MEMORY_LIMIT` when 64 MiB are waiting.
   * @throws {@link ClosedError} `ERR_CLOSED` after `close`.
   *
   * @example
   * ```ts
   * import { Publisher } from '@zcast/publisher'
   *
   * const publisher = await Publisher.open({ bind: 'tcp://127.0.0.1:*' })
   * const imu = publisher.topic('numbers/imu')
   * await imu.send([0.1, 0.2, 9.8])
   * const rows = [[0.1, 0.2, 9.8], [0.1, 0.3, 9.8]]
   * await imu.send(rows, { time: Date.now() / 1000, interval: 0.01 })
   * await publisher.close()
   * ```
   */
  send(values: NumbersRow | readonly NumbersRow[], options: SendNumbersOptions = NOW): Promise<void> {
    return this.take(() => this.#toBlock(values, options))
  }

  #toBlock(values: NumbersRow | readonly NumbersRow[], { time, interval }: SendNumbersOptions): NumbersBlock {
    const { rows, columns, data } = copyRows(values, this.#columns)
    if (columns * Float64Array.BYTES_PER_ELEMENT > MAX_ROW_BYTES) {
      throw new CodecError(
        'ERR_MESSAGE_SIZE',
        `an array of ${columns} values does not fit a message on ${this.topic}: send fewer than ${MAX_ROW_BYTES / 8}`,
      )
    }
    if (interval !== undefined && !(interval >= 0 && Number.isFinite(interval))) {
      throw new CodecError('ERR_VALUE', `interval must be 0 or more seconds, got ${interval}`)
    }
    const { names, units } = this.#labels
    const first = time === undefined ? wallClock() : checkTime(time)
    const block = { kind: 'numbers', time: first, rows, columns, data, names, units } as const
    return rows === 1 ? block : { ...block, interval: interval ?? 0 }
  }
}

const NOW: SendNumbersOptions = {}
