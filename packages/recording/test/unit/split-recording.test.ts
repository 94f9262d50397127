import { mkdir, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import type { Envelope, Frame, NumbersBlock } from '@zcast/shared'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'
import { frameEnvelope, jpegShell, numbersEnvelope } from '@zcast/testing/streams/envelopes'
import { sequenceNumbers } from '@zcast/testing/streams/sequence-numbers'
import { RecordingLog } from '@zcast/testing/waiting/recording-log'
import { Recorder, Recording, splitPath } from '../../src/index.ts'
import { SplitFiles } from '../../src/split-files.ts'

const folder = useTemporaryFolder()
const MEBIBYTE = 2 ** 20
const SECOND = 1_000_000_000n
const START = 1_785_000_000n * SECOND

/** 800 kB that cannot be compressed. */
function large(seq: number): Envelope {
  const envelope = numbersEnvelope(seq)
  const data = Float64Array.from({ length: 100_000 }, () => Math.random())
  return { ...envelope, block: { ...(envelope.block as NumbersBlock), columns: data.length, data } }
}

async function names(): Promise<readonly string[]> {
  return (await readdir(folder())).filter((name) => name.endsWith('.mcap')).toSorted()
}

async function seqsOf(path: string): Promise<readonly number[]> {
  await using recording = await Recording.open(path)
  const seqs: number[] = []
  for await (const { envelope } of recording.blocks()) seqs.push(...sequenceNumbers(envelope.block))
  return seqs
}

test('a split recording is a row of whole files whose accounts add up', async () => {
  const path = join(folder(), 'flight.mcap')
  const recorder = new Recorder({ path, split: { seconds: 10 } })
  await recorder.open()
  // What is lost lies within a file, and between two.
  const seqs = [0, 1, 3, 4, 5, 9, 10, 11, 12]
  for (const [index, seq] of seqs.entries())
    await recorder.add(numbersEnvelope(seq), START + BigInt(index) * 4n * SECOND)
  expect(recorder.progress()).toMatchObject({ files: 3, topics: 1, recorded: 9 })
  await recorder.close()
  expect(await names()).toEqual(['flight-0001.mcap', 'flight-0002.mcap', 'flight-0003.mcap'])

  const accounts: unknown[] = []
  const losses: unknown[] = []
  const recorded: (number | undefined)[] = []
  for (const number of [1, 2, 3]) {
    await using recording = await Recording.open(splitPath(path, number))
    expect(recording.isWhole).toBe(true)
    accounts.push(...(await recording.accounts()))
    for await (const loss of recording.losses()) losses.push(loss)
    recorded.push(...(await seqsOf(splitPath(path, number))))
  }
  expect(recorded).toEqual(seqs)
  expect(accounts).toMatchObject([
    { first: 0, last: 3, received: 3, lost: 1 },
    { first: 4, last: 9, received: 3, lost: 3 },
    { first: 10, last: 12, received: 3, lost: 0 },
  ])
  expect(losses).toMatchObject([
    { first: 2, count: 1 },
    { first: 6, count: 3 },
  ])
})

test('what was withheld between two files is counted in the second', async () => {
  const path = join(folder(), 'withheld.mcap')
  const recorder = new Recorder({ path, split: { seconds: 10 } })
  await recorder.open()
  for (const [index, seq] of [0, 1, 7].entries())
    await recorder.add(
      { ...numbersEnvelope(seq), withheld: seq === 7 ? 4 : 0 },
      START + BigInt(index) * 8n * SECOND,
    )
  expect(recorder.progress()).toMatchObject({ files: 2, lost: 1, withheld: 4, unwritten: 0 })
  await recorder.close()
  await using recording = await Recording.open([splitPath(path, 1), splitPath(path, 2)])
  expect(await recording.accounts()).toMatchObject([{ received: 3, lost: 1, withheld: 4, unwritten: 0 }])
  await using second = await Recording.open(splitPath(path, 2))
  expect(await second.accounts()).toMatchObject([{ first: 2, last: 7, received: 1, lost: 1, withheld: 4 }])
})

test('what is lost counts as lost, and is noted, however many epochs the files before had', async () => {
  const path = join(folder(), 'epochs.mcap')
  const recorder = new Recorder({ path, split: { seconds: 10 } })
  await recorder.open()
  for (let epoch = 1; epoch <= 4096; epoch++) await recorder.add(numbersEnvelope(0, { epoch }), START)
  const epoch = 5000
  for (const seq of [3, 4, 7])
    await recorder.add(numbersEnvelope(seq, { epoch }), START + 20n * SECOND + BigInt(seq))
  await recorder.close()
  await using recording = await Recording.open(splitPath(path, 2))
  expect(await recording.accounts()).toMatchObject([
    { epoch, first: 3, last: 7, received: 3, lost: 2, unwritten: 0 },
  ])
  const losses: unknown[] = []
  for await (const loss of recording.losses()) losses.push(loss)
  expect(losses).toMatchObject([{ epoch, first: 5, count: 2 }])
})

test('a loss between two files is counted in the second, also when that is cut short', async () => {
  const path = join(folder(), 'cut.mcap')
  const recorder = new Recorder({ path, split: { seconds: 1 } })
  await recorder.open()
  await recorder.add(numbersEnvelope(0), START)
  await recorder.add(numbersEnvelope(5), START + 2n * SECOND)
  await recorder.close()
  const second = splitPath(path, 2)
  const bytes = await readFile(second)
  for (const cut of [0, 10]) {
    await truncate(second, bytes.byteLength - cut)
    await using recording = await Recording.open(second)
    expect(recording.isWhole).toBe(cut === 0)
    expect(await recording.accounts()).toMatchObject([{ first: 1, last: 5, received: 1, lost: 4 }])
  }
})

test('files end at their size, and only the oldest of this recording go', async () => {
  const path = join(folder(), 'kept.mcap')
  const foreign = [splitPath(path, 3), join(folder(), 'kept-old.mcap')]
  for (const other of foreign) await writeFile(other, 'mine')
  const keep = { bytes: 4 * MEBIBYTE }
  const recorder = new Recorder({ path, split: { bytes: 2 * MEBIBYTE }, keep })
  await recorder.open()
  const count = 16
  for (let seq = 0; seq < count; seq++) await recorder.write(large(seq))
  const { files } = recorder.progress()
  await recorder.close()
  const kept = (await names()).filter((name) => !foreign.includes(join(folder(), name)))
  expect(kept.length).toBeLessThan(files)
  let total = 0
  const recorded: (number | undefined)[] = []
  for (const name of kept) {
    await using recording = await Recording.open(join(folder(), name))
    expect(recording.isWhole).toBe(true)
    total += recording.bytes
    recorded.push(...(await seqsOf(join(folder(), name))))
  }
  expect(total).toBeLessThanOrEqual(keep.bytes + MEBIBYTE)
  expect(recorded).toEqual(
    Array.from({ length: recorded.length }, (_, index) => count - recorded.length + index),
  )
  for (const other of foreign) expect(await readFile(other, 'utf8')).toBe('mine')
})

test('large pictures that stand still do not make every value begin another file', async () => {
  const path = join(folder(), 'still.mcap')
  const log = new RecordingLog()
  const recorder = new Recorder({ path, split: { bytes: MEBIBYTE }, keep: { bytes: 10 * MEBIBYTE } })
  await recorder.open({ log })
  await recorder.add(numbersEnvelope(0, { topic: 'numbers/setting' }), START)
  const data = jpegShell(
    16,
    9,
    Array.from({ length: 600_000 }, () => 1),
  )
  for (const topic of ['video/left', 'video/right'])
    await recorder.add({ topic, epoch: 1, block: { ...(frameEnvelope(0).block as Frame), data } }, START)
  for (let seq = 0; seq < 200; seq++) {
    await recorder.add(numbersEnvelope(seq), START + 2n * SECOND + (BigInt(seq) * SECOND) / 100n)
    if (seq % 20 === 0) await recorder.flush()
  }
  await recorder.close()
  expect(recorder.progress()).toMatchObject({ files: 2, recorded: 203 })
  expect(log.lines).toEqual([expect.stringContaining('(and of 1 more): it takes too much of a file')])
  // What is small has room.
  await using second = await Recording.open(splitPath(path, 2))
  expect(await second.latest('numbers/setting', Infinity)).toMatchObject({ isRetained: true })
  expect(await seqsOf(splitPath(path, 2))).toHaveLength(199)
})

test('accounts that take more than a file may do not make every value begin another', async () => {
  const recorder = new Recorder({ path: join(folder(), 'many.mcap'), split: { bytes: MEBIBYTE } })
  await recorder.open()
  const name = 'x'.repeat(200)
  for (let index = 0; index < 4000; index++)
    await recorder.add(numbersEnvelope(0, { topic: `numbers/${index}${name}` }), START)
  const { files } = recorder.progress()
  for (let seq = 0; seq < 20; seq++) {
    await recorder.add(numbersEnvelope(seq + 1, { topic: `numbers/0${name}` }), START + SECOND)
    await recorder.flush()
  }
  expect(recorder.progress().files).toBeLessThanOrEqual(files + 1)
  await recorder.close()
})

test('over days, by whatever clock, only the files of this recording that are too old go', async () => {
  const path = join(folder(), 'days.mcap')
  // Clocks were set back in Europe that night, and forward in New York in spring: names and ages know of neither.
  const start = BigInt(Date.parse('2026-10-24T12:00:00Z')) * 1_000_000n
  const hour = 3600n * SECOND
  const others = ['days-0000.mcap', 'days.mcap', 'days-0001.csv', 'weeks-0001.mcap']
  const old = new Date('2020-01-01')
  for (const name of others) {
    await writeFile(join(folder(), name), 'mine')
    await utimes(join(folder(), name), old, old)
  }
  const recorder = new Recorder({ path, split: { seconds: 6 * 3600 }, keep: { seconds: 24 * 3600 } })
  await recorder.open()
  for (let at = 0; at <= 72; at++) await recorder.add(numbersEnvelope(at), start + BigInt(at) * hour)
  await recorder.close()
  expect(recorder.progress()).toMatchObject({ files: 13, recorded: 73, lost: 0 })
  const kept = (await names()).filter((name) => name.startsWith('days-') && name !== 'days-0000.mcap')
  expect(kept).toEqual([8, 9, 10, 11, 12, 13].map((number) => `days-${String(number).padStart(4, '0')}.mcap`))
  await using recording = await Recording.open(kept.map((name) => join(folder(), name)))
  expect(recording.to).toBe(Number((start + 72n * hour) / SECOND))
  expect(await recording.accounts()).toMatchObject([{ first: 42, last: 72, received: 31, lost: 0 }])
  for (const name of others) expect(await readFile(join(folder(), name), 'utf8')).toBe('mine')
})

test('without room for a next file the one before goes on', async () => {
  const path = join(folder(), 'gone', 'a.mcap')
  await mkdir(join(folder(), 'gone'))
  const recorder = new Recorder({ path, split: { seconds: 1 } })
  await recorder.open()
  await recorder.add(numbersEnvelope(0), START)
  await rm(join(folder(), 'gone'), { recursive: true })
  await recorder.add(numbersEnvelope(1), START + 2n * SECOND)
  expect(recorder.progress()).toMatchObject({ files: 1, recorded: 2 })
  await recorder.close()
})

test('an old file that somebody has written to since is left', async () => {
  const files = new SplitFiles(join(folder(), 'edited.mcap'), { bytes: 3 })
  const paths = [await files.next(), await files.next(), await files.next()] as const
  for (const path of paths) await writeFile(path, 'ours')
  for (const path of paths.slice(0, 2)) await files.add({ path, bytes: 1, to: 0 }, 0)
  // It keeps its inode.
  await writeFile(paths[0], 'and mine')
  await files.add({ path: paths[2], bytes: 3, to: 0 }, 0)
  expect((await names()).filter((name) => name.startsWith('edited'))).toEqual([
    'edited-0001.mcap',
    'edited-0003.mcap',
  ])
})

test('an old file that cannot be removed is told, and recording goes on', async () => {
  class Unremovable extends SplitFiles {
    override add(): Promise<void> {
      return Promise.reject(new Error('EPERM'))
    }
  }
  const path = join(folder(), 'stuck.mcap')
  const log = new RecordingLog()
  const recorder = new Recorder({ path, split: { seconds: 1 } }, new Unremovable(path, {}))
  await recorder.open({ log })
  for (const seq of [0, 1, 2]) await recorder.add(numbersEnvelope(seq), START + BigInt(seq) * 2n * SECOND)
  // Time for a rejection that nobody handles.
  await log.first(1)
  await recorder.close()
  expect(recorder.progress()).toMatchObject({ files: 3, recorded: 3 })
  expect(log.lines).toEqual(log.lines.map(() => expect.stringContaining('cannot be removed')))
})

test.each([
  [{ split: { bytes: 1000 } }, '1M'],
  [{ split: { seconds: 0.5 } }, '1s'],
  [{ split: { bytes: 4 * MEBIBYTE }, keep: { bytes: 5 * MEBIBYTE } }, 'two files'],
  [{ split: { seconds: 60 }, keep: { seconds: 60 } }, 'two files'],
])('limits such as %j are refused', (options, sentence) => {
  expect(() => new Recorder({ path: 'x.mcap', ...options })).toThrow(sentence)
})
