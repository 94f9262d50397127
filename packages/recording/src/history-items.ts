import type { History, HistoryRange, LossNote, RecordedBlock, RecordedLine } from '@zcast/subscribers'
import { mergeByTime } from './merge-by-time.ts'

/** Anything of a history. */
export type HistoryItem =
  | { readonly type: 'loss'; readonly time: number; readonly loss: LossNote }
  | { readonly type: 'line'; readonly time: number; readonly line: RecordedLine }
  | { readonly type: 'block'; readonly time: number; readonly block: RecordedBlock }

/** Everything of a history in the order of time; a loss comes before the value after it. */
export function historyItems(history: History, range: HistoryRange): AsyncGenerator<HistoryItem> {
  return mergeByTime<HistoryItem>(
    [losses(history, range), lines(history, range), blocks(history, range)],
    ({ time }) => time,
  )
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
