import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { setImmediate as turn } from 'node:timers/promises'
import { SoundTiles } from '../../../assets/sound/sound-tiles.js'
import { readSoundTile } from '../../../src/history/sound-tile.ts'
import { FakeHistory } from '../../support/fake-history.ts'

const START = 1000
const WHOLE = { to: 2000, isGrowing: false }

let history: FakeHistory
let asked: number[]
let underWay: number
let most: number

/** Answers as the server does, a little later. */
async function answer(address: URL | RequestInfo): Promise<Response> {
  const query = (address as URL).searchParams
  const [tile, after] = [Number(query.get('tile')), Number(query.get('after') ?? 0)]
  asked.push(tile)
  underWay += 1
  most = Math.max(most, underWay)
  await turn()
  const { bytes, isCut } = await readSoundTile(history, { topic: 'audio/main', tile, after }, () => true)
  underWay -= 1
  return new Response(Buffer.from(bytes), isCut ? { headers: { 'Zcast-Cut': '1' } } : {})
}

beforeEach(() => {
  history = new FakeHistory()
  for (let at = 0; at < 500; at++) history.addSound(START + at / 50, new Int16Array(20), { rate: 1000 })
  asked = []
  most = underWay = 0
  Object.assign(globalThis, {
    location: { href: 'http://localhost/' },
    document: { baseURI: 'http://localhost/' },
  })
  jest.spyOn(globalThis, 'fetch').mockImplementation(answer)
})
afterEach(() => {
  jest.restoreAllMocks()
  for (const name of ['location', 'document']) Reflect.deleteProperty(globalThis, name)
})

test('a tile that is too large for one answer is asked for until all of it is here', async () => {
  history = new FakeHistory()
  // 24 channels: 4.6 MB in two seconds.
  const shape = { kind: 'audio', rate: 48_000, channels: 24, samples: 960, format: 's16' } as const
  for (let at = 0; at < 100; at++) {
    const time = START + at / 50
    const block = { ...shape, time, seq: at, data: new Uint8Array(960 * 24 * 2) }
    history.kept.push({ recordedAt: time, envelope: { topic: 'audio/main', epoch: 1, block } })
  }
  const isKnown: boolean[] = []
  const tiles: SoundTiles = new SoundTiles('audio/main', () => {
    isKnown.push(tiles.has(START + 1.9))
    tiles.want({ from: START, to: START + 1 }, 0.1, WHOLE)
  })
  tiles.want({ from: START, to: START + 1 }, 0.1, WHOLE)
  while (isKnown.at(-1) !== true) await turn()
  expect(asked.slice(0, 2)).toEqual([500, 500])
  expect(isKnown).toEqual([false, true])
  expect([...tiles.pieces(START, START + 2)]).toHaveLength(100)
})

test('sound of the past is fetched once, a tile at a time, although it is asked for with each that comes', async () => {
  const stretch = { from: START, to: START + 5 }
  let told = 0
  const tiles: SoundTiles = new SoundTiles('audio/main', () => {
    told += 1
    tiles.want(stretch, 1, WHOLE)
  })
  tiles.want(stretch, 1, WHOLE)
  tiles.want(stretch, 1, WHOLE)
  while (told < 3) await turn()
  for (let turns = 0; turns < 20; turns++) await turn()
  expect({ asked, most }).toEqual({ asked: [500, 501, 502], most: 1 })
  expect([...tiles.pieces(START, START + 5)]).toHaveLength(251)
})
