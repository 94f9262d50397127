import { truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'
import { describeRecording, Recording } from '../../../src/index.ts'
import { foreignMcap, type ForeignMessage } from './foreign-mcap.ts'
import { FOREIGN_WAYS } from './foreign-ways.ts'

const folder = useTemporaryFolder()

const MESSAGES: readonly ForeignMessage[] = Array.from({ length: 40 }, (_, index) => ({
  topic: index % 4 === 0 ? '/odom' : '/chatter',
  time: 1000 + index / 10,
  text: `{"n":${index}}`,
}))

async function readTexts(path: string, range = {}): Promise<readonly string[]> {
  await using recording = await Recording.open(path)
  const texts: string[] = []
  for await (const { data } of recording.messages(range)) texts.push(Buffer.from(data).toString())
  return texts
}

test.each(FOREIGN_WAYS)('a file of another program %s is read', async (_, options) => {
  const path = join(folder(), 'foreign.mcap')
  await writeFile(path, await foreignMcap(MESSAGES, options))
  await using recording = await Recording.open(path)
  expect(await describeRecording(recording)).toMatchObject({
    isWhole: true,
    topics: [
      { topic: '/chatter', schema: 'a/B', messages: 30 },
      { topic: '/odom', schema: 'a/B', messages: 10 },
    ],
  })
  expect(recording.from).toBe(1000)
  expect(recording.to).toBeCloseTo(1003.9)
  expect(await readTexts(path)).toEqual(MESSAGES.map(({ text }) => text))
  const range = { topics: ['/odom'], from: 1000.4, to: 1001.2 }
  expect(await readTexts(path, range)).toEqual(['{"n":4}', '{"n":8}', '{"n":12}'])
  expect(await recording.latest('/odom', 1001)).toBeUndefined()
})

test('messages that were written in another order come in the order of time, across chunks', async () => {
  const path = join(folder(), 'mixed.mcap')
  const mixed = MESSAGES.toSorted((a, b) => ((a.time * 7) % 3) - ((b.time * 7) % 3))
  await writeFile(path, await foreignMcap(mixed, { chunkSize: 100 }))
  expect(await readTexts(path)).toEqual(MESSAGES.map(({ text }) => text))
})

test.each([
  ['in chunks', { chunkSize: 60 }],
  ['without chunks', { useChunks: false }],
] as const)('a file of another program %s is read wherever it was cut', async (_, options) => {
  const path = join(folder(), 'cut.mcap')
  const messages = MESSAGES.slice(0, 3)
  const whole = await foreignMcap(messages, options)
  await writeFile(path, whole)
  let most = messages.length
  for (let length = whole.byteLength - 1; length > 60; length -= 3) {
    await truncate(path, length)
    const texts = await readTexts(path).catch((error: unknown) => {
      expect(error).toMatchObject({ code: 'ERR_SOURCE_UNREADABLE' })
      return []
    })
    expect(texts).toEqual(messages.slice(0, texts.length).map(({ text }) => text))
    expect(texts.length).toBeLessThanOrEqual(most)
    most = texts.length
  }
  expect(most).toBe(0)
})

test('an index that tells lies loses nothing but what it lies about', async () => {
  const path = join(folder(), 'lies.mcap')
  const whole = await foreignMcap(MESSAGES, { chunkSize: 200 })
  // Each byte of the last third, where the index is, is set to another value.
  for (let at = Math.floor((whole.byteLength * 2) / 3); at < whole.byteLength; at += 13) {
    const damaged = Buffer.from(whole)
    damaged.writeUInt8(damaged.readUInt8(at) ^ 0x5a, at)
    await writeFile(path, damaged)
    const texts = await readTexts(path)
    expect(MESSAGES.map(({ text }) => text)).toEqual(expect.arrayContaining([...texts]))
  }
})

test('a file whose footer is damaged has all that is before it', async () => {
  const path = join(folder(), 'damaged.mcap')
  const bytes = await foreignMcap(MESSAGES, { chunkSize: 200 })
  // The footer, of 20 bytes, and the magic bytes are the last ones.
  const footer = bytes.length - 8 - 20
  bytes.writeBigUInt64LE(4n, footer - 8)
  await writeFile(path, bytes)
  expect(await readTexts(path)).toHaveLength(MESSAGES.length)
  await using recording = await Recording.open(path)
  expect(recording.isWhole).toBe(false)
})
