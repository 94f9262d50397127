import { beforeEach, expect, jest, test } from '@jest/globals'
import { readPastPieces } from '../../../assets/sound/sound-pieces.js'
import { readSoundTile } from '../../../src/history/sound-tile.ts'
import { FakeHistory } from '../../support/fake-history.ts'

const TOPIC = 'audio/main'
const ALWAYS = (): boolean => true

/** Sound of six seconds, a piece each 20 ms; the samples say which. */
function record(): FakeHistory {
  const history = new FakeHistory()
  for (let at = 0; at < 300; at++)
    history.addSound(
      1000 + at / 50,
      Int16Array.from({ length: 20 }, () => at),
      { rate: 1000, time: 900 + at / 50 },
    )
  return history
}

let cuts: boolean[] = []
beforeEach(() => {
  cuts = []
})

async function read(
  history: FakeHistory,
  { topic = TOPIC, tile = 501, after = 0 } = {},
): Promise<ReturnType<typeof readPastPieces>> {
  const { bytes, isCut } = await readSoundTile(history, { topic, tile, after }, ALWAYS)
  cuts.push(isCut)
  return readPastPieces(bytes.buffer as ArrayBuffer)
}

test('a tile of sound has each piece that came in its two seconds once, and when it came', async () => {
  const pieces = await read(record())
  expect(pieces).toHaveLength(100)
  expect(pieces[0]).toMatchObject({ recordedAt: 1002, time: 902, rate: 1000 })
  expect(pieces[0]?.left[0]).toBeCloseTo(100 / 32_768, 6)
  expect(pieces.at(-1)).toMatchObject({ recordedAt: 1003.98 })
})

test('a tile that grew is read from where it ended', async () => {
  const pieces = await read(record(), { after: 1003.94 })
  expect(pieces.map(({ recordedAt }) => recordedAt)).toEqual([1003.96, 1003.98])
})

test('others get their turn while a tile is read', async () => {
  const history = record()
  const blocks = history.blocks.bind(history)
  jest.spyOn(history, 'blocks').mockImplementation(async function* (range) {
    for await (const block of blocks(range)) {
      // What is decoded takes its time.
      for (const end = performance.now() + 1; performance.now() < end;);
      yield block
    }
  })
  let turns = 0
  let isRead = false
  const count = (): void => {
    turns += 1
    if (!isRead) setImmediate(count)
  }
  setImmediate(count)
  expect(await read(history)).toHaveLength(100)
  isRead = true
  expect(turns).toBeGreaterThan(3)
})

test('a tile has no more pieces than there can well be, and says that there are more', async () => {
  const history = new FakeHistory()
  for (let at = 0; at < 5000; at++) history.addSound(1002 + at / 5000, Int16Array.of(at), { rate: 8000 })
  const first = await read(history)
  const rest = await read(history, { after: first.at(-1)?.recordedAt ?? 0 })
  expect([first, rest].map(({ length }) => length)).toEqual([3200, 1800])
  expect(cuts).toEqual([true, false])
})

test('what is no sound, or none that there can be, is left out', async () => {
  const history = record()
  history.addPicture(1002.5, TOPIC)
  history.addSound(1002.6, Int16Array.from([1]), { rate: 7_000_000 })
  expect(await read(history)).toHaveLength(100)
  expect(await read(history, { topic: 'audio/other' })).toEqual([])
})
