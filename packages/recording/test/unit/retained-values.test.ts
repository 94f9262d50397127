import { readFile, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { McapIndexedReader } from '@mcap/core'
import zstd from '@foxglove/wasm-zstd'
import type { Envelope } from '@zcast/shared'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'
import { frameEnvelope, numbersEnvelope, rowsEnvelope, soundEnvelope } from '@zcast/testing/streams/envelopes'
import { sequenceNumbers } from '@zcast/testing/streams/sequence-numbers'
import {
  describeRecording,
  HistoryRing,
  Player,
  Recorder,
  Recording,
  recover,
  saveSelection,
  splitPath,
  TriggerRecorder,
} from '../../src/index.ts'

const folder = useTemporaryFolder()
const SECOND = 1_000_000_000n
const START = 1_785_000_000n * SECOND
const SETTING = 'numbers/setting'

const setting = (seq: number): Envelope => rowsEnvelope(seq, 3, { topic: SETTING, epoch: 7 })

/** Three files: a setting and a picture are sent once, in the first; numbers and sound go on. */
async function recordSplit(name: string): Promise<readonly string[]> {
  const path = join(folder(), name)
  const recorder = new Recorder({ path, split: { seconds: 10 } })
  await recorder.open()
  await recorder.add(setting(0), START)
  await recorder.add(frameEnvelope(4, { topic: 'video/map' }), START)
  await recorder.add(soundEnvelope(0), START)
  for (let seq = 0; seq < 50; seq++)
    await recorder.add(numbersEnvelope(seq), START + BigInt(seq) * (SECOND / 2n))
  expect(recorder.progress()).toMatchObject({ files: 3, recorded: 55, lost: 0, unwritten: 0 })
  await recorder.close()
  return [1, 2, 3].map((number) => splitPath(path, number))
}

async function blocksOf(path: string | readonly string[]): Promise<readonly Envelope[]> {
  await using recording = await Recording.open(path)
  const envelopes: Envelope[] = []
  for await (const { envelope } of recording.blocks({ joinSeconds: 0 })) envelopes.push(envelope)
  return envelopes
}

test('each file of a split recording has what was sent only once before it, and counts it once', async () => {
  const files = await recordSplit('flight.mcap')
  for (const [index, path] of files.entries()) {
    await using recording = await Recording.open(path)
    const at = recording.from ?? 0
    expect(await recording.latest(SETTING, at)).toMatchObject({
      envelope: { topic: SETTING, epoch: 7, block: { seq: 2 } },
      ...(index > 0 && { recordedAt: at, isRetained: true }),
    })
    expect((await recording.latest('video/map', at))?.envelope).toEqual(
      frameEnvelope(4, { topic: 'video/map' }),
    )
    // Its own values count; sound is not said again.
    expect((await recording.latest('numbers/random', at))?.isRetained).toBeUndefined()
    expect(recording.topics().some(({ topic }) => topic.startsWith('audio/'))).toBe(index === 0)
    const { topics } = await describeRecording(recording)
    expect(topics).toContainEqual(
      expect.objectContaining({
        topic: SETTING,
        messages: index === 0 ? 3 : 0,
        lost: index === 0 ? 0 : null,
      }),
    )
    const values = (await blocksOf(path)).filter(({ topic }) => topic === SETTING)
    expect(values.flatMap(({ block }) => sequenceNumbers(block))).toEqual(index === 0 ? [0, 1, 2] : [])
  }
})

test('files that are read together have every value once', async () => {
  const files = await recordSplit('together.mcap')
  await using recording = await Recording.open(files)
  const { topics } = await describeRecording(recording)
  expect(topics.map(({ topic, messages, lost }) => [topic, messages, lost])).toEqual([
    ['audio/main', 1, 0],
    ['numbers/random', 50, 0],
    [SETTING, 3, 0],
    ['video/map', 1, 0],
  ])
  const envelopes = await blocksOf(files)
  expect(envelopes.filter(({ topic }) => topic === 'video/map')).toHaveLength(1)
  const numbers = envelopes.filter(({ topic }) => topic === 'numbers/random')
  expect(numbers.map(({ block }) => block.seq)).toEqual(Array.from({ length: 50 }, (_, seq) => seq))
})

test('of files that are read together, the value itself is the latest, and not its copy in a later one', async () => {
  const files = await recordSplit('copies.mcap')
  await using recording = await Recording.open(files)
  const end = recording.to as number
  const first = Number(START / SECOND)
  for (const topic of [SETTING, 'video/map']) {
    const latest = await recording.latest(topic, end)
    expect([latest?.recordedAt, latest?.isRetained]).toEqual([first, undefined])
  }
  // Unless a file between is missing.
  await using later = await Recording.open(files.slice(1))
  expect(await later.latest(SETTING, end)).toMatchObject({
    isRetained: true,
    envelope: { block: { seq: 2 } },
  })
})

test('a copy is the latest where a later value is in a file that is missing', async () => {
  const path = join(folder(), 'gap.mcap')
  const recorder = new Recorder({ path, split: { seconds: 10 } })
  await recorder.open()
  for (const [at, seq] of [
    [0, 0],
    [10, 3],
  ] as const)
    await recorder.add(setting(seq), START + BigInt(at) * SECOND)
  await recorder.add(numbersEnvelope(0), START + 20n * SECOND)
  await recorder.close()
  await using recording = await Recording.open([splitPath(path, 1), splitPath(path, 3)])
  expect(await recording.latest(SETTING, Infinity)).toMatchObject({
    isRetained: true,
    envelope: { block: { seq: 5 } },
  })
})

test.each([0, 0.3, undefined])(
  'a selection of a file has what was sent before the file, %s s after it began',
  async (after) => {
    const [, second = ''] = await recordSplit(`part-${after}.mcap`)
    await using recording = await Recording.open(second)
    const path = join(folder(), `selected-${after}.mcap`)
    await saveSelection(recording, path, {
      ...(after !== undefined && { from: (recording.from as number) + after }),
    })
    await using selection = await Recording.open(path)
    for (const topic of [SETTING, 'video/map'])
      expect(await selection.latest(topic, Infinity)).toMatchObject({ isRetained: true })
    expect((await selection.accounts()).map(({ topic }) => topic)).toEqual(['numbers/random'])
  },
)

test('a file that was cut short or mended has what came before it, and does not count it', async () => {
  const [, second = ''] = await recordSplit('cut.mcap')
  await truncate(second, (await readFile(second)).byteLength - 9)
  const mended = (await recover(second)) ?? ''
  for (const path of [second, mended]) {
    await using recording = await Recording.open(path)
    expect((await recording.accounts()).map(({ topic }) => topic)).toEqual(['numbers/random'])
    expect(await recording.latest(SETTING, recording.from ?? 0)).toMatchObject({ isRetained: true })
  }
})

test("other readers find it as the first message of its topic, at the file's beginning", async () => {
  const [, second = ''] = await recordSplit('foreign.mcap')
  await zstd.isLoaded
  const bytes = await readFile(second)
  const readable = {
    size: async () => BigInt(bytes.byteLength),
    read: async (offset: bigint, size: bigint) => bytes.subarray(Number(offset), Number(offset + size)),
  }
  const decompressHandlers = { zstd: (data: Uint8Array, size: bigint) => zstd.decompress(data, Number(size)) }
  const reader = await McapIndexedReader.Initialize({ readable, decompressHandlers })
  const found = new Map<string | undefined, bigint>()
  for await (const { channelId, logTime } of reader.readMessages({ topics: [SETTING, 'video/map'] }))
    found.set(reader.channelsById.get(channelId)?.topic, logTime)
  const from = reader.statistics?.messageStartTime as bigint
  expect(found).toEqual(new Map([SETTING, 'video/map'].map((topic) => [topic, from])))
})

test.each([
  [false, [SETTING, 'numbers/random']],
  [true, ['numbers/random']],
])(
  'a file played by itself begins with it, unless it is played as recorded: %s',
  async (isExact, expected) => {
    const [, second = ''] = await recordSplit(`play-${isExact}.mcap`)
    await using recording = await Recording.open(second)
    const player = new Player(recording, { speed: Infinity, isExact })
    player.want([SETTING, 'numbers/random'])
    const topics = new Set<string>()
    await player.run((block) => void topics.add(block.envelope.topic), AbortSignal.timeout(30_000))
    expect([...topics]).toEqual(expected)
  },
)

test('a file that a trigger makes begins with what was sent before the ring', async () => {
  const path = join(folder(), 'moment.mcap')
  const recorder = new TriggerRecorder({ path, preSeconds: 0.05 })
  await recorder.open()
  await recorder.write(setting(0))
  await new Promise((resolve) => setTimeout(resolve, 1200))
  await recorder.write(numbersEnvelope(5))
  recorder.trigger()
  await recorder.close()
  await using recording = await Recording.open(splitPath(path, 1))
  expect(await recording.latest(SETTING, recording.from ?? 0)).toMatchObject({
    isRetained: true,
    envelope: { block: { seq: 2 } },
  })
  expect((await recording.accounts()).map(({ topic }) => topic)).not.toContain(SETTING)
})

test('a file that a trigger makes begins with what was sent just before it begins', async () => {
  const path = join(folder(), 'soon.mcap')
  const recorder = new TriggerRecorder({ path, preSeconds: 0.1 })
  await recorder.open()
  await recorder.write(setting(0))
  await new Promise((resolve) => setTimeout(resolve, 200))
  await recorder.write(numbersEnvelope(5))
  recorder.trigger()
  await recorder.close()
  await using recording = await Recording.open(splitPath(path, 1))
  expect(await recording.latest(SETTING, Infinity)).toMatchObject({ isRetained: true })
})

test('a selection begins with what held at its start', async () => {
  const ring = await HistoryRing.open({ seconds: 600, bytes: 2 ** 20, folder: folder() })
  const sink = ring.sink()
  await sink.open({} as never)
  await sink.write(setting(0))
  await ring.flush()
  await new Promise((resolve) => setTimeout(resolve, 1200))
  await sink.write(numbersEnvelope(5))
  await ring.flush()
  const path = join(folder(), 'selection.mcap')
  await ring.save(path, { from: ring.to as number })
  await ring.close()
  await using recording = await Recording.open(path)
  expect(await recording.latest(SETTING, recording.to ?? 0)).toMatchObject({ isRetained: true })
  expect(await recording.accounts()).toMatchObject([{ topic: 'numbers/random', received: 1, lost: 0 }])
})
