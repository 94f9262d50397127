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
  const bytes = await readSoundTile(history, { topic: 'audio/main', tile, after }, () => true)
  underWay -= 1
  return new Response(Buffer.from(bytes))
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
