import type { McapTypes } from '@mcap/core'
import type { ChatBlock, Envelope, Frame, NumbersBlock } from '@zcast/shared'
import type { AnySound } from '@zcast/shared/internal'
import { ProtobufWriter } from '../protobuf/protobuf-writer.ts'
import { toNanoseconds } from '../recording-time.ts'
import { ADDED } from './schemas.ts'

const INFO = 2

/** Writes the values of blocks as protobuf messages, each into the memory of the one before. */
export class BlockEncoder {
  readonly #writer = new ProtobufWriter()
  readonly #labels = new WeakMap<readonly string[], Uint8Array>()

  /**
   * Encodes one value of an envelope: a row of numbers, or all of a block of another kind.
   *
   * @returns A view that the next message overwrites.
   */
  encode({ block, epoch = 0, arrivalTime = false }: Envelope, row: number): Uint8Array {
    const { kind, seq } = block
    this.#writer.reset()
    if (kind === 'numbers') this.#numbers(block, row, epoch)
    else if (kind === 'video') this.#picture(block, epoch)
    else if (kind === 'chat') this.#chat(block, epoch)
    else this.#sound(block, epoch)
    const isUnnumbered = seq === undefined
    this.#writer.uint(ADDED.unnumbered, Number(isUnnumbered)).uint(ADDED.arrivalTime, Number(arrivalTime))
    return this.#writer.bytes
  }

  /** The same as a message of a channel, recorded at a time in nanoseconds. */
  message(channelId: number, envelope: Envelope, row: number, logTime: bigint): McapTypes.Message {
    const { block } = envelope
    const interval = block.kind === 'numbers' ? (block.interval ?? 0) : 0
    return {
      channelId,
      // It has 32 bits here, and all of them in the message itself.
      sequence: ((block.seq ?? 0) + row) % 2 ** 32,
      logTime,
      publishTime: toNanoseconds(block.time + row * interval),
      data: this.encode(envelope, row),
    }
  }

  #numbers(
    { data, columns, time, interval, seq = 0, names = [], units = [] }: NumbersBlock,
    row: number,
    epoch: number,
  ): void {
    const values = new Uint8Array(data.buffer, data.byteOffset + row * columns * 8, columns * 8)
    const writer = this.#writer
    writer.timestamp(1, time + row * (interval ?? 0)).blob(2, values)
    writer.uint(3, seq + row).uint(4, epoch)
    if (names.length > 0) writer.add(this.#encodeLabels(5, names))
    if (units.length > 0) writer.add(this.#encodeLabels(6, units))
    if (interval !== undefined) writer.double(7, interval)
  }

  /** Labels are the same from row to row, and take longer to encode than the values. */
  #encodeLabels(field: number, labels: readonly string[]): Uint8Array {
    const known = this.#labels.get(labels)
    if (known) return known
    const writer = new ProtobufWriter()
    for (const label of labels) writer.text(field, label)
    this.#labels.set(labels, writer.bytes)
    return writer.bytes
  }

  #picture({ time, data, format, seq = 0 }: Frame, epoch: number): void {
    this.#writer.timestamp(1, time).blob(2, data).text(3, format)
    this.#writer.uint(ADDED.seq, seq).uint(ADDED.epoch, epoch)
  }

  #sound({ time, data, format, rate, channels, samples, seq = 0 }: AnySound, epoch: number): void {
    const writer = this.#writer.timestamp(1, time).blob(2, data)
    writer.text(3, format === 's16' ? 'pcm-s16' : format)
    writer.fixed32(4, rate).fixed32(5, channels)
    writer.uint(ADDED.seq, seq).uint(ADDED.epoch, epoch).uint(ADDED.samples, samples)
  }

  #chat({ time, data, name, guest, id, removed = false, seq = 0 }: ChatBlock, epoch: number): void {
    const writer = this.#writer.timestamp(1, time).uint(2, INFO).blob(3, data).text(4, name)
    writer.uint(ADDED.seq, seq).uint(ADDED.epoch, epoch)
    writer.uint(ADDED.id, id).text(ADDED.guest, guest).uint(ADDED.removed, Number(removed))
  }
}
