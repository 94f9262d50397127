import { expect, test } from '@jest/globals'
import { RecordingLog } from '@zcast/testing/waiting/recording-log'
import { until } from '@zcast/testing/waiting/until'
import type { CarriedEnvelope } from '../../src/relay-codec.ts'
import { RowQueue } from '../../src/row-queue.ts'

const MEBIBYTE = 1024 * 1024

function block(seq: number, rows: number): CarriedEnvelope {
  const data = new Float64Array(rows)
  return {
    topic: 'numbers/imu',
    epoch: 1,
    withheld: 3,
    block: { kind: 'numbers', seq, time: 1, interval: 0.1, rows, columns: 1, data },
  }
}

function open(hand: (row: CarriedEnvelope) => Promise<boolean>) {
  const log = new RecordingLog()
  const seen = { dropped: 0, waiting: 0 }
  const queue = new RowQueue({
    log,
    hand,
    onDropped: (rows) => (seen.dropped += rows),
    onWaiting: (bytes) => (seen.waiting += bytes),
  })
  return { queue, log, seen }
}

test('rows are cut off a block as they are sent: never more than 100 are on their way', async () => {
  let [onTheirWay, most] = [0, 0]
  const handed: [seq: number | undefined, withheld: number | undefined][] = []
  const { queue, seen } = open(async ({ block: { seq }, withheld }) => {
    onTheirWay += 1
    most = Math.max(most, onTheirWay)
    await Promise.resolve()
    handed.push([seq, withheld])
    onTheirWay -= 1
    return true
  })
  queue.add(block(0, 20_000))
  queue.add(block(20_000, 1))
  expect(onTheirWay).toBe(100)
  await until(() => seen.waiting === 0)
  expect(most).toBe(100)
  expect(handed.map(([seq]) => seq)).toEqual(Array.from({ length: 20_001 }, (_, seq) => seq))
  expect(handed.flatMap(([seq, withheld]) => (withheld ? [[seq, withheld]] : []))).toEqual([
    [0, 3],
    [20_000, 3],
  ])
})

test('timers run while a block of a million rows is handed over', async () => {
  let handed = 0
  const { queue, seen } = open(async () => {
    handed += 1
    return true
  })
  const ticked = new Promise<number>((resolve) => setTimeout(() => resolve(handed), 1))
  queue.add(block(0, MEBIBYTE))
  expect(await ticked).toBeLessThan(MEBIBYTE)
  await until(() => seen.waiting === 0)
  expect(handed).toBe(MEBIBYTE)
})

test('the rest of a block is given up in one step once nothing can be sent', async () => {
  let tried = 0
  const { queue, seen } = open(async () => {
    tried += 1
    return false
  })
  queue.add(block(0, MEBIBYTE))
  await until(() => seen.waiting === 0)
  expect([tried, seen.dropped]).toEqual([100, MEBIBYTE - 100])
})

test('a block beyond 64 MiB that wait is refused as a whole, and that is said', async () => {
  let release: (isSent: boolean) => void = () => undefined
  const held = new Promise<boolean>((resolve) => (release = resolve))
  const { queue, seen, log } = open(() => held)
  for (let each = 0; each < 4; each++) queue.add(block(each, 2 * MEBIBYTE))
  // With the objects around them, the fourth is too much.
  expect(seen.dropped).toBe(2 * MEBIBYTE)
  expect(seen.waiting).toBeGreaterThan(48 * MEBIBYTE)
  expect(log.lines).toEqual([
    '64 MiB of numbers/imu are waiting to be sent row by row, so further ones are dropped',
  ])
  release(false)
  await until(() => seen.waiting === 0)
})
