import type { ChatBlock, Envelope, Frame, NumbersBlock } from '@zcast/shared'
import type { AnySound } from '@zcast/shared/internal'
import { ProtobufWriter } from '../protobuf/protobuf-writer.ts'
import { ADDED } from './schemas.ts'
import { writeLog } from './write-log.ts'

/**
 * Writes one value of a block as the message of its kind: a row of numbers, or all of a block of another kind.
 *
 * @param row - Of numbers, 0 to `rows - 1`.
 */
export function writeValue(
  writer: ProtobufWriter,
  {
    topic,
    block,
    epoch = 0,
    arrivalTime = false,
    withheld = 0,
  }: Pick<Envelope, 'topic' | 'block' | 'epoch' | 'arrivalTime' | 'withheld'>,
  row: number,
): void {
  const { kind, seq } = block
  if (kind === 'numbers') writeNumbers(writer, block, row, epoch)
  else if (kind === 'video') writePicture(writer, block, { topic, epoch })
  else if (kind === 'chat') writeChat(writer, block, epoch)
  else writeSound(writer, block, epoch)
  writer.uint(ADDED.unnumbered, Number(seq === undefined)).uint(ADDED.arrivalTime, Number(arrivalTime))
  if (row === 0) writer.uint(ADDED.withheld, withheld)
}

function writeNumbers(
  writer: ProtobufWriter,
  { data, columns, time, interval, seq = 0, names = [], units = [] }: NumbersBlock,
  row: number,
  epoch: number,
): void {
  const values = new Uint8Array(data.buffer, data.byteOffset + row * columns * 8, columns * 8)
  writer.timestamp(1, time + row * (interval ?? 0)).blob(2, values)
  writer.uint(3, seq + row).uint(4, epoch)
  if (interval !== undefined) writer.double(7, interval)
  if (names.length > 0) writer.encoded(encodeLabels(5, names))
  if (units.length > 0) writer.encoded(encodeLabels(6, units))
}

/** Labels are the same lists from row to row, and take longer to encode than the values. */
const LABELS = new Map([
  [5, new WeakMap<readonly string[], Uint8Array>()],
  [6, new WeakMap<readonly string[], Uint8Array>()],
])

function encodeLabels(field: number, labels: readonly string[]): Uint8Array {
  const known = LABELS.get(field)?.get(labels)
  if (known) return known
  const writer = new ProtobufWriter(0, 64)
  for (const label of labels) writer.blob(field, label)
  LABELS.get(field)?.set(labels, writer.bytes)
  return writer.bytes
}

function writePicture(
  writer: ProtobufWriter,
  { time, data, format, seq = 0 }: Frame,
  { topic, epoch }: { readonly topic: string; readonly epoch: number },
): void {
  // Rerun shows no picture that has no coordinate frame (measured with 0.33).
  writer.timestamp(1, time).blob(2, data).blob(3, format).blob(4, topic)
  writer.uint(ADDED.seq, seq).uint(ADDED.epoch, epoch)
}

function writeSound(
  writer: ProtobufWriter,
  { time, data, format, rate, channels, samples, seq = 0 }: AnySound,
  epoch: number,
): void {
  writer.timestamp(1, time).blob(2, data)
  writer.blob(3, format === 's16' ? 'pcm-s16' : format)
  writer.fixed32(4, rate).fixed32(5, channels)
  writer.uint(ADDED.seq, seq).uint(ADDED.epoch, epoch).uint(ADDED.samples, samples)
}

function writeChat(
  writer: ProtobufWriter,
  { time, data, name, guest, id, removed = false, seq = 0 }: ChatBlock,
  epoch: number,
): void {
  writeLog(writer, { time, level: 'info', message: data, name })
  writer.uint(ADDED.seq, seq).uint(ADDED.epoch, epoch)
  writer.uint(ADDED.id, id).blob(ADDED.guest, guest).uint(ADDED.removed, Number(removed))
}
