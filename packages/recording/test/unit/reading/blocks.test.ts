import { mkdir, readFile, rename, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import type { Envelope } from '@zcast/shared'
import { rowsOf } from '@zcast/shared/internal'
import type { HistoryRange, RecordedBlock } from '@zcast/subscribers'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'
import { frameEnvelope, numbersEnvelope, rowsEnvelope } from '@zcast/testing/streams/envelopes'
import { describeRecording, Recorder, Recording, recover } from '../../../src/index.ts'

const folder = useTemporaryFolder()

async function record(name: string, envelopes: readonly Envelope[]): Promise<string> {
  const path = join(folder(), name)
  const recorder = new Recorder({ path })
  await recorder.open()
  for (const envelope of envelopes) await recorder.write(envelope)
  await recorder.close()
  return path
}

async function readAll(recording: Recording, range?: HistoryRange): Promise<readonly RecordedBlock[]> {
  const blocks: RecordedBlock[] = []
  for await (const block of recording.blocks(range)) blocks.push(block)
  return blocks
}

/** The time, number and values of every row. */
function rowsIn(blocks: readonly Pick<RecordedBlock, 'envelope'>[]): readonly unknown[] {
  return blocks.flatMap(({ envelope: { topic, epoch, block } }) => {
    if (block.kind !== 'numbers') return []
    const { seq = 0, time, interval = 0, names } = block
    return [...rowsOf(block)].map((values, row) => ({
      topic,
      epoch,
      seq: seq + row,
      time: time + row * interval,
      values: [...values],
      names,
    }))
  })
}

test.each([1e-4, 1 / 3000, 0.001, 1 / 7, 0])(
  'rows %d s apart are joined, each at its very own time',
  async (interval) => {
    const block = (seq: number, rows: number): Envelope => ({
      topic: 'numbers/imu',
      epoch: 7,
      block: {
        kind: 'numbers',
        seq,
        time: 1_785_000_000.123_456 + seq * interval,
        interval,
        rows,
        columns: 2,
        data: Float64Array.from({ length: 2 * rows }, (_, index) => seq + index),
        names: ['ax', 'ay'],
      },
    })
    const written = [block(0, 100), block(100, 1), block(101, 250)].map((envelope) => ({ envelope }))
    await using recording = await Recording.open(
      await record(
        'rows.mcap',
        written.map(({ envelope }) => envelope),
      ),
    )
    const read = await readAll(recording)
    expect(rowsIn(read)).toEqual(rowsIn(written))
    expect(read.length).toBeLessThanOrEqual(3)
    expect(rowsIn(await readAll(recording, { joinSeconds: 0 }))).toEqual(rowsIn(written))
  },
)

test('rows of another epoch, with a gap, with other names or of another width begin another block', async () => {
  const named = rowsEnvelope(12, 2)
  const wide = numbersEnvelope(14, { values: [1, 2, 3] })
  const envelopes: readonly Envelope[] = [
    rowsEnvelope(0, 3),
    rowsEnvelope(10, 2),
    { ...named, block: { ...named.block, names: ['a'] } as Envelope['block'] },
    wide,
    numbersEnvelope(15, { epoch: 2 }),
    numbersEnvelope(15, { topic: 'numbers/other' }),
  ]
  await using recording = await Recording.open(await record('others.mcap', envelopes))
  const read = await readAll(recording)
  expect(read.map(({ envelope: { topic, epoch, block } }) => ({ topic, epoch, seq: block.seq }))).toEqual([
    { topic: 'numbers/random', epoch: 1, seq: 0 },
    { topic: 'numbers/random', epoch: 1, seq: 10 },
    { topic: 'numbers/random', epoch: 1, seq: 12 },
    { topic: 'numbers/random', epoch: 1, seq: 14 },
    { topic: 'numbers/random', epoch: 2, seq: 15 },
    { topic: 'numbers/other', epoch: 1, seq: 15 },
  ])
})

test('the last value of a topic at a moment is found, whichever chunk it is in', async () => {
  const envelopes = Array.from({ length: 30 }, (_, seq) => [
    frameEnvelope(seq, { width: 1600, height: 1200 }),
    numbersEnvelope(seq),
  ]).flat()
  await using recording = await Recording.open(await record('latest.mcap', envelopes))
  const frames = await readAll(recording, { topics: ['video/main'] })
  for (const { recordedAt, envelope } of frames)
    expect(await recording.latest('video/main', recordedAt)).toEqual({ recordedAt, envelope })
  const [first] = frames
  expect(await recording.latest('video/main', (first?.recordedAt ?? 0) - 0.001)).toBeUndefined()
  expect(await recording.latest('video/other', Infinity)).toBeUndefined()
  expect((await recording.latest('numbers/random', Infinity))?.envelope.block).toMatchObject({
    seq: 29,
    rows: 1,
  })
})

test('the parts of a split recording are one, by time, with their counts put together', async () => {
  await mkdir(join(folder(), 'flight'))
  await record('flight/flight-0001.mcap', [rowsEnvelope(0, 3), frameEnvelope(1)])
  await record('flight/flight-0002.mcap', [rowsEnvelope(5, 2), frameEnvelope(2)])
  const path = join(folder(), 'flight')
  const parts = [join(path, 'flight-0002.mcap'), join(path, 'flight-0001.mcap')]
  for (const opened of [path, parts]) {
    await using recording = await Recording.open(opened)
    const blocks = await readAll(recording)
    expect(blocks.map(({ envelope: { block } }) => [block.kind, block.seq])).toEqual([
      ['numbers', 0],
      ['video', 1],
      ['numbers', 5],
      ['video', 2],
    ])
    expect(await describeRecording(recording)).toMatchObject({
      isWhole: true,
      topics: [
        { topic: 'numbers/random', messages: 5, lost: 2, epochs: 1 },
        { topic: 'video/main', messages: 2, lost: 0, epochs: 1 },
      ],
    })
    expect(recording.files).toHaveLength(2)
  }
})

test('in a folder, what cannot be read is left out, and what was mended takes the place of what was cut', async () => {
  const path = join(folder(), 'cut')
  await mkdir(path)
  const cut = await record('cut/a.mcap', [rowsEnvelope(0, 3)])
  await truncate(cut, (await readFile(cut)).byteLength - 5)
  await recover(cut)
  await record('cut/b.mcap', [rowsEnvelope(3, 3)])
  await writeFile(join(path, 'c.mcap'), 'garbage')
  await writeFile(join(path, 'notes.txt'), 'nothing')
  const told: string[] = []
  const log = { warning: (message: string) => void told.push(message), error: () => undefined }
  await using recording = await Recording.open(path, { log: log as never })
  expect(recording.isWhole).toBe(true)
  expect(rowsIn(await readAll(recording))).toHaveLength(6)
  expect(told).toEqual([expect.stringMatching(/c\.mcap is not an MCAP file, .* it is left out$/)])
})

test('a folder without recordings, and one with nothing but garbage, are refused', async () => {
  const path = join(folder(), 'none')
  await mkdir(path)
  await expect(Recording.open(path)).rejects.toMatchObject({ code: 'ERR_SOURCE_MISSING' })
  await writeFile(join(path, 'a.mcap'), 'garbage')
  await expect(Recording.open(path)).rejects.toMatchObject({ code: 'ERR_SOURCE_UNREADABLE' })
})

test('a file that is still being written is read as far as it is', async () => {
  const path = join(folder(), 'growing.mcap')
  const recorder = new Recorder({ path })
  await recorder.open()
  await recorder.write(rowsEnvelope(0, 60_000))
  await using recording = await Recording.open(path)
  const rows = rowsIn(await readAll(recording))
  expect(rows.length).toBeGreaterThan(0)
  expect(recording.isWhole).toBe(false)
  expect(recording.topics()).toMatchObject([{ topic: 'numbers/random', messages: rows.length }])
  await recorder.close()
})

test('a file that goes away, as the oldest of a ring, is left out', async () => {
  const one = await record('one.mcap', [rowsEnvelope(0, 3)])
  const two = await record('two.mcap', [rowsEnvelope(3, 3)])
  await using recording = await Recording.open([one, two])
  await rename(one, join(folder(), 'moved.mcap'))
  await truncate(join(folder(), 'moved.mcap'), 0)
  expect(rowsIn(await readAll(recording))).toHaveLength(3)
  expect(recording.damagedChunks).toBe(1)
})
