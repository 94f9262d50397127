import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { McapIndexedReader, type McapTypes } from '@mcap/core'
import type { Envelope, Message } from '@zcast/shared'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'
import { frameEnvelope, numbersEnvelope, rowsEnvelope } from '@zcast/testing/streams/envelopes'
import { RecordingLog } from '@zcast/testing/waiting/recording-log'
import { readFile, truncate } from 'node:fs/promises'
import { decodeRawMessage, RAW_ENCODING, Recorder, Recording } from '../../src/index.ts'

const folder = useTemporaryFolder()

async function read(path: string): Promise<readonly Envelope[]> {
  await using recording = await Recording.open(path)
  const envelopes: Envelope[] = []
  for await (const { envelope } of recording.blocks()) envelopes.push(envelope)
  return envelopes
}

test('values without numbers, epochs or times come back without them, and are not counted as lost', async () => {
  const path = join(folder(), 'foreign.mcap')
  const foreign = { epoch: undefined, arrivalTime: true }
  const sent: readonly Envelope[] = [
    { ...numbersEnvelope(undefined, { values: [1, 2] }), ...foreign },
    { ...numbersEnvelope(undefined, { values: [3, 4] }), ...foreign },
    { ...frameEnvelope(0), ...foreign, block: { ...frameEnvelope(0).block, seq: undefined } },
    frameEnvelope(4, { topic: 'video@360p/main' }),
  ]
  const smaller = { ...sent[3], block: { ...sent[3]?.block, rendition: '360p' } }
  const recorder = new Recorder({ path })
  await recorder.open()
  for (const envelope of sent) await recorder.write(envelope)
  await recorder.close()
  const envelopes = await read(path)
  expect(envelopes).toHaveLength(4)
  expect(envelopes).toEqual(expect.arrayContaining([...sent.slice(0, 3), smaller]))
  await using recording = await Recording.open(path)
  expect((await recording.accounts()).map(({ lost }) => lost)).toEqual([0, 0, 0])
})

test('messages of other programs are kept part for part, under the topic that they name', async () => {
  const path = join(folder(), 'raw.mcap')
  const messages: readonly Message[] = [
    [Buffer.from('depth/cam'), Uint8Array.of(0, 255), new Uint8Array()],
    [Buffer.from('alone')],
    [Uint8Array.of(0), Buffer.from('x')],
    [],
  ]
  const recorder = new Recorder({ path })
  await recorder.open()
  for (const message of messages) await recorder.addRaw(message)
  await recorder.close()
  const bytes = await readFile(path)
  const readable = {
    size: async () => BigInt(bytes.byteLength),
    read: async (offset: bigint, size: bigint) => bytes.subarray(Number(offset), Number(offset + size)),
  }
  const reader = await McapIndexedReader.Initialize({ readable })
  const found: [string | undefined, Message | undefined][] = []
  const isRaw = ({ schemaId, messageEncoding }: McapTypes.Channel): boolean =>
    schemaId === 0 && messageEncoding === RAW_ENCODING
  for await (const { channelId, data } of reader.readMessages())
    found.push([reader.channelsById.get(channelId)?.topic, decodeRawMessage(data)])
  expect([...reader.channelsById.values()].every(isRaw)).toBe(true)
  const names = ['depth/cam', 'raw', 'raw', 'raw']
  expect(found.map(([topic, parts]) => [topic, parts?.map((part) => [...part])])).toEqual(
    messages.map((message, index) => [names[index], message.map((part) => [...part])]),
  )
  expect(decodeRawMessage(Uint8Array.of(9, 0, 0, 0, 1))).toBeUndefined()
  expect(decodeRawMessage(Uint8Array.of(9, 0))).toBeUndefined()
  await truncate(path, bytes.byteLength - 20)
  await using cut = await Recording.open(path)
  expect((await cut.accounts()).map(({ topic, received }) => [topic, received])).toEqual([
    ['depth/cam', 1],
    ['raw', 3],
  ])
})

test('rows keep their interval, and clocks of publishers may jump as they like', async () => {
  const path = join(folder(), 'times.mcap')
  const recorder = new Recorder({ path })
  await recorder.open()
  const times = [1_785_000_000.125, 1_785_003_600.5, 1_784_990_000.25, 0]
  for (const [index, time] of times.entries())
    await recorder.write({
      ...rowsEnvelope(2 * index, 2),
      block: { ...rowsEnvelope(2 * index, 2).block, time, interval: 0.5 } as never,
    })
  recorder.addLine('1 - 2026-08-04T15:47:01.250+00:00 - ERROR - publisher: it is hot')
  await recorder.close()
  const rows = await read(path)
  expect(rows.map(({ block }) => block.time)).toEqual(times)
  expect(
    rows.every(({ block }) => block.kind === 'numbers' && block.interval === 0.5 && block.rows === 2),
  ).toBe(true)
  await using recording = await Recording.open(path)
  expect((recording.to ?? 0) - (recording.from ?? 0)).toBeLessThan(60)
  const lines: string[] = []
  for await (const { line } of recording.lines()) lines.push(line)
  expect(lines).toHaveLength(1)
})

test('topics beyond 4096 are left out, and told', async () => {
  const path = join(folder(), 'many.mcap')
  const log = new RecordingLog()
  const recorder = new Recorder({ path })
  await recorder.open({ log })
  for (let index = 0; index < 4098; index++)
    await recorder.write(numbersEnvelope(0, { topic: `numbers/t${index}` }))
  await recorder.close()
  expect(log.lines).toHaveLength(2)
  expect(log.lines[0]).toContain('numbers/t4096 is not recorded')
  await using recording = await Recording.open(path)
  expect(recording.topics()).toHaveLength(4096)
})
