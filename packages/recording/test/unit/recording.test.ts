import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, open, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, jest, test } from '@jest/globals'
import { McapIndexedReader, McapStreamReader, type McapTypes, McapWriter } from '@mcap/core'
import zstd from '@foxglove/wasm-zstd'
import {
  type Block,
  type ChatBlock,
  type Envelope,
  type NumbersBlock,
  type SoundBlock,
  valueCount,
} from '@zcast/shared'
import { testSinkContract } from '@zcast/testing/contracts/sink-contract'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'
import { frameEnvelope, numbersEnvelope, rowsEnvelope } from '@zcast/testing/streams/envelopes'
import { describeRecording, Recorder, Recording, recover, recoveredPath } from '../../src/index.ts'
import { GrowingFile } from '../../src/mcap/growing-file.ts'

const folder = useTemporaryFolder()

const chat: ChatBlock = {
  kind: 'chat',
  seq: 0,
  time: 1_785_000_000.123456,
  id: 7,
  name: 'Ann',
  guest: '',
  data: new TextEncoder().encode('hello ☀'),
}
const sound: SoundBlock = {
  kind: 'audio',
  seq: 3,
  time: 1_785_000_000.02,
  rate: 48_000,
  channels: 2,
  samples: 2,
  format: 's16',
  data: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
}
const numbers: NumbersBlock = {
  kind: 'numbers',
  seq: 2 ** 40,
  time: 1_785_000_000.987654,
  interval: 0.25,
  rows: 2,
  columns: 3,
  data: Float64Array.of(0.1, -0, Number.NaN, 5e-324, Number.POSITIVE_INFINITY, -1.5),
  names: ['temp', '', 'hum'],
  units: ['°C', '', '%'],
}

const EVERY_KIND: readonly Envelope[] = [
  { topic: 'numbers/imu', epoch: 4_294_967_295, block: numbers },
  frameEnvelope(5, { epoch: 2, time: 1_785_000_001.5 }),
  { topic: 'audio/main', epoch: 3, block: sound },
  { topic: 'voice/main', epoch: 3, block: { ...sound, kind: 'voice', format: 'opus', samples: 960 } },
  { topic: 'chat/main', epoch: 4, block: chat },
  { topic: 'chat/main', epoch: 4, block: { ...chat, seq: 1, removed: true, data: new Uint8Array() } },
]

async function record(path: string, envelopes: readonly Envelope[]): Promise<void> {
  const recorder = new Recorder({ path })
  await recorder.open()
  for (const envelope of envelopes) await recorder.write(envelope)
  await recorder.close()
}

async function read(path: string, range = {}): Promise<readonly Envelope[]> {
  await using recording = await Recording.open(path)
  const envelopes: Envelope[] = []
  for await (const { envelope } of recording.blocks(range)) envelopes.push(envelope)
  return envelopes
}

async function seqsOf(path: string): Promise<readonly (number | undefined)[]> {
  return (await read(path)).flatMap(({ block }) => seqsIn(block))
}

/** The number of each value. */
function seqsIn(block: Block): readonly number[] {
  return Array.from({ length: valueCount(block) }, (_, index) => (block.seq ?? 0) + index)
}

let count = 0
testSinkContract('Recorder', {
  create: () => new Recorder({ path: join(folder(), `${count++}.mcap`) }),
  envelope: (seq) => numbersEnvelope(seq),
  createUnopenable: () => new Recorder({ path: join(folder(), 'missing', 'x.mcap') }),
})

test('what was recorded of every kind comes back equal', async () => {
  const path = join(folder(), 'all.mcap')
  await record(path, EVERY_KIND)
  const [first, ...others] = await read(path)
  expect(first).toEqual(EVERY_KIND[0])
  expect(others).toHaveLength(EVERY_KIND.length - 1)
  expect(others).toEqual(expect.arrayContaining(EVERY_KIND.slice(1)))
})

test("MCAP's own reader reads the file, by its index and as a stream, with every checksum", async () => {
  const path = join(folder(), 'all.mcap')
  await record(path, EVERY_KIND)
  await zstd.isLoaded
  const decompressHandlers = {
    zstd: (data: Uint8Array, size: bigint) => zstd.decompress(data, Number(size)),
  }
  const bytes = await readFile(path)
  const readable = {
    size: async () => BigInt(bytes.byteLength),
    read: async (offset: bigint, size: bigint) => bytes.subarray(Number(offset), Number(offset + size)),
  }
  const reader = await McapIndexedReader.Initialize({ readable, decompressHandlers })
  const messages: McapTypes.Message[] = []
  for await (const message of reader.readMessages({ validateCrcs: true })) messages.push(message)
  expect(messages).toHaveLength(7)
  expect(reader.statistics).toMatchObject({ messageCount: 7n, channelCount: 5, schemaCount: 4 })
  expect([...reader.schemasById.values()].map(({ name }) => name)).toEqual([
    'zcast.Numbers',
    'foxglove.CompressedImage',
    'foxglove.RawAudio',
    'foxglove.Log',
  ])
  const stream = new McapStreamReader({ decompressHandlers, validateCrcs: true })
  stream.append(bytes)
  let streamed = 0
  for (let next = stream.nextRecord(); next; next = stream.nextRecord())
    if (next.type === 'Message') streamed += 1
  expect(streamed).toBe(7)
  expect(stream.done()).toBe(true)
})

test('a time range and topics choose what is read', async () => {
  const path = join(folder(), 'some.mcap')
  await record(path, EVERY_KIND)
  await using recording = await Recording.open(path)
  const { from = 0, to = 0 } = recording
  expect(await read(path, { topics: ['audio/main'] })).toEqual([EVERY_KIND[2]])
  expect(await read(path, { to: from - 1 })).toEqual([])
  expect(await read(path, { from, to })).toHaveLength(EVERY_KIND.length)
})

test('counts and gaps of each topic and epoch are in the file', async () => {
  const path = join(folder(), 'gaps.mcap')
  const topic = 'numbers/random'
  await record(path, [
    rowsEnvelope(10, 3),
    rowsEnvelope(15, 2),
    numbersEnvelope(0, { epoch: 2 }),
    frameEnvelope(1),
    frameEnvelope(3),
  ])
  await using recording = await Recording.open(path)
  const accounts = await recording.accounts()
  expect(accounts).toMatchObject([
    { topic, epoch: 1, first: 10, last: 16, received: 5, lost: 2, unwritten: 0 },
    { topic, epoch: 2, first: 0, last: 0, received: 1, lost: 0, unwritten: 0 },
    { topic: 'video/main', epoch: 1, first: 1, last: 3, received: 2, lost: 1, unwritten: 0 },
  ])
  expect(await describeRecording(recording)).toMatchObject({
    isWhole: true,
    topics: [
      { topic, schema: 'zcast.Numbers', messages: 6, lost: 2, epochs: 2 },
      { topic: 'video/main', schema: 'foxglove.CompressedImage', messages: 2, lost: 1, epochs: 1 },
    ],
    gaps: [
      { topic, epoch: 1, first: 13, count: 2 },
      { topic: 'video/main', epoch: 1, first: 2, count: 1 },
    ],
    furtherGaps: 0,
  })
})

test('what was withheld is not lost: in the counts, in the file, and in what is read of it', async () => {
  const path = join(folder(), 'withheld.mcap')
  // 2 and 3 are lost, 4 to 6 withheld; of the numbers, 3 to 9 are withheld, and 15 is lost.
  const envelopes = [
    frameEnvelope(1),
    { ...frameEnvelope(7), withheld: 3 },
    rowsEnvelope(0, 3),
    { ...rowsEnvelope(10, 5), withheld: 7 },
    numbersEnvelope(16),
  ]
  const expected = [
    { topic: 'numbers/random', first: 0, last: 16, received: 9, lost: 1, withheld: 7, unwritten: 0 },
    { topic: 'video/main', first: 1, last: 7, received: 2, lost: 2, withheld: 3, unwritten: 0 },
  ]
  const recorder = new Recorder({ path })
  await recorder.open()
  for (const envelope of envelopes) await recorder.write(envelope)
  expect(recorder.progress()).toMatchObject({ recorded: 11, lost: 3, withheld: 10, unwritten: 0 })
  await recorder.close()
  const accountsOf = async (): Promise<readonly unknown[]> => {
    await using recording = await Recording.open(path)
    const accounts = await recording.accounts()
    return accounts.toSorted((a, b) => (a.topic < b.topic ? -1 : 1))
  }
  expect(await accountsOf()).toMatchObject(expected)
  await using recording = await Recording.open(path)
  expect(await describeRecording(recording)).toMatchObject({
    topics: [
      { topic: 'numbers/random', lost: 1, withheld: 7 },
      { topic: 'video/main', lost: 2, withheld: 3 },
    ],
    gaps: [
      { first: 2, count: 2 },
      { first: 15, count: 1 },
    ],
  })
  // A client of a replay counts the same.
  const values = await read(path)
  expect(
    values.filter(({ withheld }) => withheld).map(({ block, withheld }) => [block.seq, withheld]),
  ).toEqual(
    expect.arrayContaining([
      [7, 3],
      [10, 7],
    ]),
  )
  // Counted again from its values, without the end.
  await truncate(path, recording.bytes - 9)
  expect(await accountsOf()).toMatchObject(expected)
})

describe('a file that was cut', () => {
  let whole: Uint8Array
  let ends: readonly number[] = []

  beforeAll(async () => {
    const chunks: Uint8Array[] = []
    // Two recordings have one chunk each; a file with both of them is what a longer recording looks like.
    const own = await mkdtemp(join(tmpdir(), 'zcast-cut-'))
    for (const seq of [0, 4]) {
      const path = join(own, `${seq}.mcap`)
      await record(path, [rowsEnvelope(seq, 3)])
      chunks.push(await readFile(path))
    }
    await rm(own, { recursive: true })
    const [first, second] = chunks as [Uint8Array, Uint8Array]
    const [a, b] = [spanOfChunk(first), spanOfChunk(second)]
    whole = Buffer.concat([first.subarray(0, a.end), second.subarray(b.start, b.end)])
    ends = [a.chunkEnd, a.end + b.chunkEnd - b.start]
  })

  test('at any byte gives all of its whole chunks, or says that nothing is left', async () => {
    const path = join(folder(), 'cut.mcap')
    await writeFile(path, whole)
    for (let length = whole.byteLength; length >= 0; length--) {
      await truncate(path, length)
      const chunks = ends.filter((end) => end <= length).length
      const headerEnd = 8 + 9 + 4 + 4 + 'zcast'.length
      if (length < headerEnd) {
        await expect(Recording.open(path)).rejects.toMatchObject({ code: 'ERR_SOURCE_UNREADABLE' })
        continue
      }
      const values = await seqsOf(path)
      expect({ length, values }).toEqual({
        length,
        values: [0, 1, 2, 4, 5, 6].slice(0, 3 * chunks),
      })
    }
  })

  test('anywhere in its end gives everything', async () => {
    const path = join(folder(), 'end.mcap')
    await record(path, [rowsEnvelope(0, 3)])
    const bytes = await readFile(path)
    const { end } = spanOfChunk(bytes)
    for (let length = bytes.byteLength - 1; length >= end; length -= 3) {
      await truncate(path, length)
      await using recording = await Recording.open(path)
      expect({ length, isWhole: recording.isWhole }).toEqual({ length, isWhole: false })
      expect(await recording.accounts()).toMatchObject([{ first: 0, last: 2, received: 3, lost: 0 }])
      expect(await seqsOf(path)).toEqual([0, 1, 2])
    }
  })

  test('is mended beside itself, with its counts', async () => {
    const path = join(folder(), 'cut.mcap')
    await writeFile(path, whole.subarray(0, whole.byteLength - 3))
    expect(await recover(path)).toBe(recoveredPath(path))
    expect(await readFile(path)).toEqual(Buffer.from(whole.subarray(0, whole.byteLength - 3)))
    await using recording = await Recording.open(recoveredPath(path))
    expect(recording.isWhole).toBe(true)
    expect(await recording.accounts()).toMatchObject([{ first: 0, last: 6, received: 6, lost: 1 }])
    expect(await seqsOf(recoveredPath(path))).toEqual([0, 1, 2, 4, 5, 6])
    expect(await recover(recoveredPath(path))).toBeUndefined()
    await expect(recover(path)).rejects.toMatchObject({ code: 'ERR_OPTION' })
  })

  test('is not hidden by what could not be mended', async () => {
    const own = join(folder(), 'half')
    await mkdir(own)
    await writeFile(join(own, 'cut.mcap'), whole.subarray(0, whole.byteLength - 3))
    const append = jest.spyOn(GrowingFile.prototype, 'append').mockResolvedValueOnce(false)
    try {
      await expect(recover(join(own, 'cut.mcap'))).rejects.toMatchObject({ code: 'ERR_SINK' })
    } finally {
      append.mockRestore()
    }
    expect(await readdir(own)).toEqual(['cut.mcap'])
    await recover(join(own, 'cut.mcap'))
    expect((await readdir(own)).toSorted()).toEqual(['cut-recovered.mcap', 'cut.mcap'])
  })

  test('or damaged in a chunk gives the other chunks, and says so', async () => {
    const path = join(folder(), 'damaged.mcap')
    const damaged = Uint8Array.from(whole)
    const [end = 0] = ends
    damaged.fill(0xee, end - 20, end - 10)
    await writeFile(path, damaged)
    await using recording = await Recording.open(path)
    expect(recording).toMatchObject({ isWhole: false, damagedChunks: 1 })
    expect(await seqsOf(path)).toEqual([4, 5, 6])
  })
})

test("another program's file is read, whole or cut, and its messages are not taken for ours", async () => {
  const path = join(folder(), 'foreign.mcap')
  const pieces: Uint8Array[] = []
  let length = 0n
  const writable = {
    position: () => length,
    write: async (bytes: Uint8Array) => {
      pieces.push(Uint8Array.from(bytes))
      length += BigInt(bytes.byteLength)
    },
  }
  const writer = new McapWriter({ writable, chunkSize: 100 })
  await writer.start({ profile: 'ros2', library: 'other' })
  const schemaId = await writer.registerSchema({ name: 'a/B', encoding: 'ros2msg', data: new Uint8Array(9) })
  const metadata = new Map<string, string>()
  const ids = [
    await writer.registerChannel({ topic: '/chatter', schemaId, messageEncoding: 'cdr', metadata }),
    await writer.registerChannel({ topic: 'numbers/a', schemaId: 0, messageEncoding: 'json', metadata }),
  ]
  for (let second = 0; second < 20; second++) {
    const time = BigInt(second) * 1_000_000_000n
    for (const channelId of ids) {
      const data = Buffer.from('{"a":1}')
      await writer.addMessage({ channelId, sequence: second, logTime: time, publishTime: time, data })
    }
  }
  await writer.end()
  const bytes = Buffer.concat(pieces)
  await writeFile(path, bytes)
  for (const cut of [bytes.byteLength, bytes.byteLength - 9]) {
    await truncate(path, cut)
    await using recording = await Recording.open(path)
    expect(await describeRecording(recording)).toMatchObject({
      isWhole: cut === bytes.byteLength,
      seconds: 19,
      topics: [
        { topic: '/chatter', schema: 'a/B', messages: 20, lost: null, rate: null },
        { topic: 'numbers/a', schema: '', messages: 20, lost: null, rate: null },
      ],
      gaps: [],
    })
    expect(await read(path)).toEqual([])
  }
})

test.each([
  ['is empty', '', 'other.mcap is empty'],
  ['is another', 'time,temp\n1,2\n', 'is not an MCAP file'],
])('a file that %s is refused in one sentence', async (_, text, sentence) => {
  const path = join(folder(), 'other.mcap')
  await writeFile(path, text)
  await expect(Recording.open(path)).rejects.toMatchObject({
    code: 'ERR_SOURCE_UNREADABLE',
    message: expect.stringContaining(sentence),
  })
})

test('a pipe is refused at once, and not waited for', async () => {
  const path = join(folder(), 'pipe.mcap')
  await promisify(execFile)('mkfifo', [path])
  await expect(Recording.open(path)).rejects.toMatchObject({
    code: 'ERR_SOURCE_UNREADABLE',
    message: expect.stringContaining('is not a file but a folder, a pipe or a device'),
  })
})

test('a file that is not there is missing', async () => {
  const opening = Recording.open(join(folder(), 'none.mcap'))
  await expect(opening).rejects.toMatchObject({ code: 'ERR_SOURCE_MISSING' })
})

test('a recording does not write over a file', async () => {
  const path = join(folder(), 'there.mcap')
  await (await open(path, 'w')).close()
  await expect(new Recorder({ path }).open()).rejects.toMatchObject({ code: 'ERR_OPTION' })
})

/** Where the first chunk of a file and the indexes of its messages are. */
function spanOfChunk(file: Uint8Array): { start: number; chunkEnd: number; end: number } {
  const view = new DataView(file.buffer, file.byteOffset)
  const [CHUNK, MESSAGE_INDEX] = [6, 7]
  const next = (at: number): number => at + 9 + Number(view.getBigUint64(at + 1, true))
  let start = 8
  while (file[start] !== CHUNK) start = next(start)
  const chunkEnd = next(start)
  let end = chunkEnd
  while (file[end] === MESSAGE_INDEX) end = next(end)
  return { start, chunkEnd, end }
}
