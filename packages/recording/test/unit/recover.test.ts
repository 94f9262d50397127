import { mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, jest, test } from '@jest/globals'
import { McapIndexedReader, McapRecordBuilder, McapStreamReader, type McapTypes } from '@mcap/core'
import lz4 from '@foxglove/wasm-lz4'
import zstd from '@foxglove/wasm-zstd'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'
import { frameEnvelope, numbersEnvelope, rowsEnvelope } from '@zcast/testing/streams/envelopes'
import { RecordingLog } from '@zcast/testing/waiting/recording-log'
import { Recorder, Recording, recover, recoveredPath } from '../../src/index.ts'
import { foreignMcap, type ForeignMessage } from './reading/foreign-mcap.ts'
import { FOREIGN_WAYS } from './reading/foreign-ways.ts'

const folder = useTemporaryFolder()

const MESSAGES: readonly ForeignMessage[] = Array.from({ length: 40 }, (_, index) => ({
  topic: index % 4 === 0 ? '/odom' : '/chatter',
  time: 1000 + index / 10,
  text: `{"n":${index}}`,
}))

const DECOMPRESS = {
  zstd: (data: Uint8Array, size: bigint) => zstd.decompress(data, Number(size)),
  lz4: (data: Uint8Array, size: bigint) => lz4(data, Number(size)),
}

/** What MCAP's own readers find in a file, with every checksum: both must find the same. */
async function readWithCore(path: string): Promise<{
  readonly texts: readonly string[]
  readonly statistics: McapTypes.Statistics | undefined
  readonly records: readonly string[]
  /** Attachments and metadata that the index finds. */
  readonly found: readonly string[]
}> {
  await Promise.all([zstd.isLoaded, lz4.isLoaded])
  const bytes = await readFile(path)
  const readable = {
    size: async () => BigInt(bytes.byteLength),
    read: async (offset: bigint, size: bigint) => bytes.subarray(Number(offset), Number(offset + size)),
  }
  const reader = await McapIndexedReader.Initialize({ readable, decompressHandlers: DECOMPRESS })
  const texts: string[] = []
  for await (const { data } of reader.readMessages({ validateCrcs: true }))
    texts.push(Buffer.from(data).toString('latin1'))
  const found: string[] = []
  for await (const { name, data } of reader.readAttachments())
    found.push(`${name}: ${Buffer.from(data).toString('latin1')}`)
  for await (const { name, metadata } of reader.readMetadata())
    if (!name.startsWith('zcast.')) found.push(`${name}: ${[...metadata.values()].join()}`)
  const stream = new McapStreamReader({ decompressHandlers: DECOMPRESS, validateCrcs: true })
  stream.append(bytes)
  const records: string[] = []
  let streamed = 0
  for (let next = stream.nextRecord(); next; next = stream.nextRecord()) {
    if (next.type === 'Message') streamed += 1
    else records.push(next.type)
  }
  expect(stream.done()).toBe(true)
  expect(streamed).toBe(texts.length)
  expect(reader.statistics?.messageCount).toBe(BigInt(texts.length))
  return { texts, statistics: reader.statistics, records, found }
}

async function recoverAnew(path: string): Promise<string | undefined> {
  await rm(recoveredPath(path), { force: true })
  return recover(path)
}

test.each(FOREIGN_WAYS)(
  'a file of another program %s, cut off, is mended for every reader',
  async (_, ways) => {
    const path = join(folder(), 'foreign.mcap')
    const bytes = await foreignMcap(MESSAGES, ways)
    await writeFile(path, bytes.subarray(0, -9))
    const to = (await recoverAnew(path)) ?? ''
    const { texts } = await readWithCore(to)
    expect(texts).toEqual(MESSAGES.map(({ text }) => text))
    await using recording = await Recording.open(to)
    expect(recording.isWhole).toBe(true)
    expect(recording.topics()).toMatchObject([
      { topic: '/chatter', schema: 'a/B', messages: 30 },
      { topic: '/odom', schema: 'a/B', messages: 10 },
    ])
  },
)

test('a recording that was cut anywhere is mended for every reader', async () => {
  const path = join(folder(), 'cut.mcap')
  const recorder = new Recorder({ path })
  await recorder.open()
  await recorder.write(rowsEnvelope(0, 2))
  await recorder.write(frameEnvelope(0))
  await recorder.flush()
  await recorder.write(numbersEnvelope(5))
  await recorder.close()
  const whole = (await readFile(path)).byteLength
  let most = 5
  for (let length = whole - 1; length > 100; length -= 67) {
    await truncate(path, length)
    const to = (await recoverAnew(path)) ?? ''
    const { texts, statistics } = await readWithCore(to)
    expect(texts.length).toBeLessThanOrEqual(most)
    most = texts.length
    await using cut = await Recording.open(path)
    await using mended = await Recording.open(to)
    expect(await mended.accounts()).toEqual(await cut.accounts())
    expect(mended.topics().filter(({ messages }) => messages > 0)).toEqual(
      cut.topics().filter(({ messages }) => messages > 0),
    )
    expect({ length, damaged: mended.damagedChunks }).toEqual({ length, damaged: 0 })
    expect(statistics?.metadataCount).toBeGreaterThan(0)
  }
  expect(most).toBe(0)
}, 60_000)

test('damaged chunks are left out of the mended file, and attachments and metadata stay', async () => {
  const path = join(folder(), 'damaged.mcap')
  const bytes = await foreignMcap(MESSAGES, { chunkSize: 200, withAttachment: true })
  const chunk = bytes.indexOf('{"n":20}')
  bytes.write('{"n":99}', chunk)
  await writeFile(path, bytes.subarray(0, -9))
  const to = (await recoverAnew(path)) ?? ''
  const { texts, statistics, records, found } = await readWithCore(to)
  expect(texts).not.toContain('{"n":20}')
  expect(texts).not.toContain('{"n":99}')
  expect(texts.length).toBeGreaterThan(20)
  expect(statistics).toMatchObject({ attachmentCount: 1, metadataCount: 2 })
  expect(found).toEqual(['a.txt: calibration', 'robot: r2'])
  expect(records).toEqual(expect.arrayContaining(['Header', 'Attachment', 'Metadata', 'Footer']))
})

test.each([
  ['a value', '{"n":20}', 6],
  ['the length of a chunk', 'chunk', 2],
])('a file whose index is good, and %s is damaged, is mended without that chunk', async (_, what, at) => {
  const path = join(folder(), 'inside.mcap')
  const bytes = await foreignMcap(MESSAGES, { chunkSize: 200, withAttachment: true })
  await writeFile(path, bytes)
  expect(await recoverAnew(path)).toBeUndefined()
  await using whole = await Recording.open(path)
  expect(whole.files).toMatchObject([{ isWhole: true, isRead: false }])

  const value = bytes.indexOf('{"n":20}')
  // A chunk begins with its opcode and its length, and names the time of its first message after that.
  const chunk = bytes.lastIndexOf(Buffer.of(0x06), value)
  const heads: number[] = []
  for (let head = chunk; head > 0; head = bytes.lastIndexOf(Buffer.of(0x06), head - 1))
    if (bytes.readBigUInt64LE(head + 1) < 1000n && head + 9 + Number(bytes.readBigUInt64LE(head + 1)) > value)
      heads.push(head)
  const place = (what === 'chunk' ? (heads.at(-1) as number) : value) + at
  bytes.writeUInt8(bytes.readUInt8(place) ^ 1, place)
  await writeFile(path, bytes)
  await rm(recoveredPath(path), { force: true })
  const leftOut: number[] = []
  expect(await recover(path, { onLeftOut: (count) => leftOut.push(count) })).toBe(recoveredPath(path))
  expect(leftOut).toEqual([1])
  const { texts, records } = await readWithCore(recoveredPath(path))
  expect(texts).not.toContain('{"n":20}')
  expect(texts).toEqual(expect.arrayContaining(['{"n":0}', '{"n":39}']))
  expect(texts.length).toBeGreaterThan(20)
  expect(records).toContain('Attachment')
})

describe('a damaged chunk with the only description of a topic', () => {
  const describedOnce = async (): Promise<Buffer> => {
    const bytes = await foreignMcap(MESSAGES, { chunkSize: 200, repeatSchemas: true, repeatChannels: true })
    bytes.write('{"n":9', bytes.indexOf('{"n":0'))
    return bytes
  }
  /** Where the index at the end begins, with what it says of the topics. */
  const endOfData = (bytes: Buffer): number => Number(bytes.readBigUInt64LE(bytes.byteLength - 8 - 20))

  test('leaves its other messages readable from the beginning, where the end describes it too', async () => {
    const path = join(folder(), 'described.mcap')
    await writeFile(path, (await describedOnce()).subarray(0, -9))
    const log = new RecordingLog()
    await rm(recoveredPath(path), { force: true })
    const { texts } = await readWithCore((await recover(path, { log })) ?? '')
    expect(texts.length).toBeGreaterThan(30)
    expect(log.lines).toEqual([])
  })

  test('has them left out and told, where nothing does', async () => {
    const path = join(folder(), 'undescribed.mcap')
    const bytes = await describedOnce()
    await writeFile(path, bytes.subarray(0, endOfData(bytes)))
    const log = new RecordingLog()
    const { texts } = await readWithCore((await recover(path, { log })) ?? '')
    expect(texts).toEqual([])
    expect(log.lines).toEqual([expect.stringMatching(/^\d\d messages are not in .*undescribed-recovered/)])
  })

  test('leaves them where only its schema is lost', async () => {
    const path = join(folder(), 'schemaless.mcap')
    const bytes = await foreignMcap(MESSAGES, {
      useChunks: false,
      repeatSchemas: false,
      repeatChannels: false,
    })
    const schema = bytes.indexOf('a/B')
    // The length of its name.
    bytes.writeUInt32LE(0xffff, schema - 4)
    await writeFile(path, bytes.subarray(0, -9))
    const { texts } = await readWithCore((await recover(path)) ?? '')
    expect(texts).toEqual(MESSAGES.map(({ text }) => text))
  })
})

test('whatever byte of a file is changed, what recover makes of it can be read, or it says why not', async () => {
  const path = join(folder(), 'changed.mcap')
  const whole = (await foreignMcap(MESSAGES.slice(0, 8), { chunkSize: 120 })).subarray(0, -9)
  const texts = MESSAGES.map(({ text }) => text)
  let mended = 0
  for (let at = 0; at < whole.byteLength; at += 19) {
    const changed = Buffer.from(whole)
    changed.writeUInt8(changed.readUInt8(at) ^ 0x5a, at)
    await writeFile(path, changed)
    const to = await recoverAnew(path).catch((error: unknown) => {
      expect(error).toMatchObject({ code: 'ERR_SOURCE_UNREADABLE' })
    })
    if (to === undefined) continue
    mended += 1
    await using recording = await Recording.open(to)
    expect({ at, isWhole: recording.isWhole }).toEqual({ at, isWhole: true })
    const found: string[] = []
    for await (const { data } of recording.messages()) found.push(Buffer.from(data).toString())
    expect(texts).toEqual(expect.arrayContaining(found))
  }
  expect(mended).toBeGreaterThan(5)
}, 60_000)

test('a mistake in the making of the new file is no end of the old one', async () => {
  const path = join(folder(), 'mistake.mcap')
  await writeFile(path, (await foreignMcap(MESSAGES, { chunkSize: 200 })).subarray(0, -9))
  const mistake = new RangeError('Invalid typed array length')
  const write = jest.spyOn(McapRecordBuilder.prototype, 'writeMessageIndex').mockImplementationOnce(() => {
    throw mistake
  })
  try {
    await expect(recover(path)).rejects.toBe(mistake)
  } finally {
    write.mockRestore()
  }
  expect(await readdir(folder())).not.toContain('mistake-recovered.mcap')
})

test('a folder is refused, with what to do', async () => {
  const path = join(folder(), 'recordings')
  await mkdir(path)
  await expect(recover(path)).rejects.toMatchObject({
    code: 'ERR_OPTION',
    message: expect.stringContaining('is a folder: name one of the recordings in it'),
  })
})
