import type { History, HistoryRange, LossNote, RecordedBlock, RecordedLine } from '@zcast/subscribers'
import type { Message } from '@zcast/shared'
import { mergeByTime } from './merge-by-time.ts'
import type { DroppedValues } from './ring/dropped-values.ts'
import type { HistoryRing } from './ring/history-ring.ts'

/** Anything of a history. */
export type HistoryItem =
  | { readonly type: 'loss'; readonly time: number; readonly loss: LossNote }
  | { readonly type: 'line'; readonly time: number; readonly line: RecordedLine }
  | { readonly type: 'block'; readonly time: number; readonly block: RecordedBlock }

/** A message of another program, as it is. */
export interface RawItem {
  readonly type: 'raw'
  readonly time: number
  readonly message: Message
}

/** Values that came to a ring, and are not in it. */
export interface DroppedItem {
  readonly type: 'dropped'
  readonly time: number
  readonly dropped: DroppedValues
}

/** Everything of a history in the order of time; a loss comes before the value after it. */
export function historyItems(history: History, range: HistoryRange): AsyncGenerator<HistoryItem> {
  return mergeByTime<HistoryItem>(
    [losses(history, range), lines(history, range), blocks(history, range)],
    ({ time }) => time,
  )
}

/** The same with the messages of other programs, and with what the ring could not keep. */
export function ringItems(
  ring: HistoryRing,
  range: HistoryRange,
): AsyncGenerator<HistoryItem | RawItem | DroppedItem> {
  return mergeByTime<HistoryItem | RawItem | DroppedItem>(
    [historyItems(ring, range), raw(ring, range), dropped(ring, range)],
    ({ time }) => time,
  )
}

async function* dropped(ring: HistoryRing, range: HistoryRange): AsyncGenerator<DroppedItem> {
  for (const each of ring.dropped(range)) yield { type: 'dropped', time: each.time, dropped: each }
}

async function* raw(ring: HistoryRing, range: HistoryRange): AsyncGenerator<RawItem> {
  for await (const { recordedAt, message } of ring.rawMessages(range))
    yield { type: 'raw', time: recordedAt, message }
}

async function* losses(history: History, range: HistoryRange): AsyncGenerator<HistoryItem> {
  for await (const loss of history.losses(range)) yield { type: 'loss', time: loss.time, loss }
}

async function* lines(history: History, { from, to }: HistoryRange): AsyncGenerator<HistoryItem> {
  for await (const line of history.lines({ from, to })) yield { type: 'line', time: line.time, line }
}

async function* blocks(history: History, range: HistoryRange): AsyncGenerator<HistoryItem> {
  for await (const block of history.blocks({ ...range, joinSeconds: 0 }))
    yield { type: 'block', time: block.recordedAt, block }
}
