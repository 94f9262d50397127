import { describe, expect, test } from '@jest/globals'
import type { RecordedBlock } from '@zcast/subscribers'
import { joinTiles, readTile, type Tile } from '../../../assets/history/past-tiles.js'
import { NumberSlices } from '../../../assets/chart/number-slices.js'
import { readNumbersTile } from '../../../src/history/numbers-tile.ts'
import { FakeHistory } from '../../support/fake-history.ts'

async function read(history: FakeHistory, tile: number, positions?: readonly number[]): Promise<Tile> {
  const bytes = await readNumbersTile(history, { topic: 'numbers/imu', tile, positions }, () => true)
  return readTile(bytes.buffer as ArrayBuffer)
}

/** What a chart has of some tiles. */
function join(tiles: readonly Tile[]): NumberSlices {
  const slices = new NumberSlices()
  slices.take(joinTiles(tiles))
  return slices
}

function timesOf(slices: NumberSlices): number[] {
  return Array.from(
    { length: slices.end - slices.start },
    (_, at) => slices.timeOf(slices.start + at) ?? Number.NaN,
  )
}

describe('numbers of the past', () => {
  test('come in tiles of ten seconds that a page joins without a gap or a repetition', async () => {
    const history = new FakeHistory()
    for (let at = 0; at < 60; at++) history.addArray(995 + at / 2, [at, -at])
    const slices = join([await read(history, 99), await read(history, 100), await read(history, 101)])
    const expected = Array.from({ length: 50 }, (_, at) => 995 + at / 2)
    expect(timesOf(slices)).toEqual(expected)
    expect([slices.length, slices.positions]).toEqual([2, [0, 1]])
    expect(slices.newestBefore(slices.find(1003.2))).toEqual([16, -16])
  })

  test('have least, greatest and newest of each tenth of a second, and what was lost before', async () => {
    const history = new FakeHistory()
    for (const [at, value] of [5, 1, 9, 4].entries()) history.addArray(1000 + at / 100, [value])
    const { block, ...envelope } = history.kept[3]?.envelope ?? { block: undefined, topic: '' }
    if (block)
      history.kept[3] = {
        recordedAt: 1000.2,
        envelope: { ...envelope, block: { ...block, seq: 10, time: 1000.2 } },
      }
    const slices = join([await read(history, 100)])
    expect([0, 1, 2].map((which) => slices.read(slices.start, 0, which))).toEqual([1, 9, 9])
    expect(slices.missingBefore(slices.start + 1)).toBe(7)
  })

  test('are drawn when they came, where their clock is another one', async () => {
    const history = new FakeHistory()
    for (let at = 0; at < 10; at++) history.addArray(1000 + at, [at], 'numbers/imu', 50 + at)
    expect(timesOf(join([await read(history, 100)]))).toEqual([
      1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009,
    ])
  })

  test('are of the positions that were asked for', async () => {
    const history = new FakeHistory()
    const values = Array.from({ length: 400 }, (_, at) => at)
    for (let at = 0; at < 30; at++) history.addArray(999 + at / 10, values)
    const tile = await read(history, 100, [7, 399])
    expect([tile.length, tile.positions]).toEqual([400, [7, 399]])
    expect(join([tile]).newestBefore(join([tile]).end)).toEqual([7, 399])
    expect((await read(history, 100)).positions).toHaveLength(32)
  })

  test('begin with what held when the history begins, until something came', async () => {
    const at = (recordedAt: number, value: number): RecordedBlock => {
      const made = new FakeHistory()
      made.addArray(recordedAt, [value], 'numbers/imu', 3)
      const [block] = made.kept
      if (!block) throw new Error('nothing was added')
      return { ...block, isRetained: true }
    }
    // What a file begins with is as old as the file, what a ring has forgotten is older.
    for (const [recordedAt, next] of [
      [1002, [1005]],
      [900, []],
    ] as const) {
      const history = new FakeHistory()
      history.addPicture(1002)
      for (const time of next) history.addArray(time, [8])
      history.latest = async () => at(recordedAt, 7)
      const slices = join([await read(history, 99), await read(history, 100), await read(history, 101)])
      expect(timesOf(slices)).toEqual([1002, ...next])
      expect(slices.newestBefore(slices.find(1003))).toEqual([7])
      expect(slices.missingBefore(slices.end - 1)).toBe(0)
    }
    const history = new FakeHistory()
    history.addArray(1002, [8])
    history.latest = async () => at(1002, 7)
    expect(timesOf(join([await read(history, 100)]))).toEqual([1002])
  })

  test('are nothing where nothing came', async () => {
    expect((await read(new FakeHistory(), 100)).count).toBe(0)
  })
})
