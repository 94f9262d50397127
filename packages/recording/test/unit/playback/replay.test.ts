import { expect, test } from '@jest/globals'
import { type Block, Demand } from '@zcast/shared'
import { Replay, type ReplaySource } from '../../../src/index.ts'
import { liveBlock } from '../../../src/playback/live-block.ts'
import { FakeClock, FakeHistory, numbersAt, pictureAt, soundAt } from './fake-history.ts'

const START = 1_000_000

async function collect(source: ReplaySource, demand: Demand): Promise<Block[]> {
  const blocks: Block[] = []
  for await (const block of source.blocks({ signal: new AbortController().signal, demand }))
    blocks.push(block)
  return blocks
}

test('a replay has a source for each stream, and gives each what it wants, as if it were live', async () => {
  const history = new FakeHistory([
    numbersAt(START, 5, 2),
    pictureAt(START, 8),
    pictureAt(START, 8, 'video@360p/a'),
    numbersAt(START + 2, 90),
  ])
  const replay = await Replay.open(history, { clock: new FakeClock(), speed: 2 })
  expect(replay.sources).toMatchObject([
    { kind: 'numbers', stream: 'a', renditions: [], expectedBytes: 16_384 },
    { kind: 'video', stream: 'a', renditions: ['360p'] },
  ])
  const [numbers, video] = replay.sources as [ReplaySource, ReplaySource]
  const all = [collect(numbers, new Demand([''])), collect(video, new Demand(['360p']))]
  await replay.run()
  const [rows, pictures] = await Promise.all(all)
  expect(rows).toMatchObject([
    { seq: undefined, rows: 2, interval: 0.0005, data: Float64Array.of(5, 6) },
    { seq: undefined, rows: 1, data: Float64Array.of(90) },
  ])
  // Values are as old as they were, in its own time: they came 10 ms after they were made.
  expect(rows?.map(({ time }) => Math.round((time - 5_000_000) * 1e4) / 1e4)).toEqual([-0.005, 0.995])
  expect(pictures).toMatchObject([{ rendition: '360p', seq: undefined }])
})

test('a source that ends early does not hold up the others', async () => {
  const blocks = Array.from({ length: 50 }, (_, seq) => [numbersAt(START, seq), pictureAt(START, seq)]).flat()
  const replay = await Replay.open(new FakeHistory(blocks), { clock: new FakeClock(), speed: Infinity })
  const [numbers, video] = replay.sources as [ReplaySource, ReplaySource]
  const all = collect(numbers, new Demand(['']))
  const running = replay.run()
  for await (const block of video.blocks({ signal: new AbortController().signal, demand: new Demand(['']) }))
    if (block.seq === undefined) break
  await running
  expect(await all).toHaveLength(50)
})

test.each([
  ['at its own speed', {}, 2],
  ['as fast as possible', { speed: Infinity }, 2],
  ['slowly', { speed: 0.5 }, 0],
])('sound is heard or left out where it is played %s', async (_, options, heard) => {
  const replay = await Replay.open(new FakeHistory([soundAt(START, 1), soundAt(START + 0.02, 2)]), {
    clock: new FakeClock(),
    ...options,
  })
  const [source] = replay.sources as [ReplaySource]
  const all = collect(source, new Demand(['']))
  await replay.run()
  expect(await all).toHaveLength(heard)
})

test('topics of other programs are left out', async () => {
  const history = new FakeHistory([numbersAt(START, 1), numbersAt(START, 1, 1, '/rosout')])
  const replay = await Replay.open(history)
  expect(replay.sources.map(({ stream }) => stream)).toEqual(['a'])
})

test.each([
  ['a value of a clock that is an hour off gets the time of now', 'numbers', 4000, 0],
  ['words that were said long ago stay old', 'chat', 90_000, 90_000],
  ['a value that was a second old is a second old', 'numbers', 1, 1],
] as const)('%s', (_, kind, age, expected) => {
  const said = { id: 1, name: '', guest: '', data: new Uint8Array() }
  const rows = { rows: 1, columns: 1, data: Float64Array.of(1) }
  const block: Block =
    kind === 'chat' ? { kind, time: START - age, ...said } : { kind, time: START - age, ...rows }
  const { time } = liveBlock(block, { recordedAt: START, dueAt: 2_000_000, speed: 1, isAtOnce: false })
  expect(2_000_000 - time).toBeCloseTo(expected, 6)
})
