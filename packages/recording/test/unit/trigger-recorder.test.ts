import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, jest, test } from '@jest/globals'
import type { Envelope, NumbersBlock } from '@zcast/shared'
import { testSinkContract } from '@zcast/testing/contracts/sink-contract'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'
import { frameEnvelope, numbersEnvelope, rowsEnvelope } from '@zcast/testing/streams/envelopes'
import { sequenceNumbers } from '@zcast/testing/streams/sequence-numbers'
import { RecordingLog } from '@zcast/testing/waiting/recording-log'
import { decodeRawMessage, NumbersCondition, Recording, TriggerRecorder } from '../../src/index.ts'
import { RingSegment } from '../../src/ring/ring-segment.ts'

const folder = useTemporaryFolder()

testSinkContract('TriggerRecorder', {
  create: () => new TriggerRecorder({ path: join(folder(), 'x.mcap'), preSeconds: 1 }),
  envelope: (seq) => numbersEnvelope(seq),
  createUnopenable: () => new TriggerRecorder({ path: join(folder(), 'missing', 'x.mcap'), preSeconds: 1 }),
})

async function read(
  path: string,
): Promise<{ seqs: readonly unknown[]; losses: readonly unknown[]; lines: unknown[] }> {
  await using recording = await Recording.open(path)
  expect(recording.isWhole).toBe(true)
  const [seqs, losses, lines]: unknown[][] = [[], [], []]
  for await (const { envelope } of recording.blocks({ topics: ['numbers/random'] }))
    seqs?.push(...sequenceNumbers(envelope.block))
  for await (const loss of recording.losses()) losses?.push(loss)
  for await (const { line } of recording.lines()) lines?.push(line)
  return { seqs: seqs ?? [], losses: losses ?? [], lines: lines ?? [] }
}

test('each trigger makes a file of what came before it and what comes until it is stopped', async () => {
  const events: string[] = []
  const path = join(folder(), 'moment.mcap')
  const recorder = new TriggerRecorder({
    path,
    preSeconds: 3600,
    onFile: (event, file) => events.push(`${event} ${file.slice(-8)}`),
  })
  await recorder.open()
  for (const seq of [0, 1, 4]) await recorder.write(numbersEnvelope(seq))
  recorder.addLine('a line')
  expect(recorder.isKeeping).toBe(false)
  expect((await readdir(folder())).filter((name) => name.endsWith('.mcap'))).toEqual([])
  recorder.trigger()
  recorder.trigger()
  expect(recorder.isKeeping).toBe(true)
  await recorder.write(numbersEnvelope(5))
  await recorder.write(frameEnvelope(1))
  await recorder.stop()
  await recorder.write(numbersEnvelope(6))
  recorder.trigger()
  await recorder.write(numbersEnvelope(7))
  await recorder.close()
  expect(events).toEqual(['begin 001.mcap', 'end 001.mcap', 'begin 002.mcap', 'end 002.mcap'])
  expect(await read(join(folder(), 'moment-0001.mcap'))).toMatchObject({
    seqs: [0, 1, 4, 5],
    losses: [{ first: 2, count: 2 }],
    lines: ['a line'],
  })
  expect((await read(join(folder(), 'moment-0002.mcap'))).seqs).toEqual([0, 1, 4, 5, 6, 7])
  expect(recorder.progress()).toMatchObject({ files: 2, recorded: 12, topics: 2 })
  expect((await readdir(folder())).filter((name) => name.startsWith('zcast-history'))).toEqual([])
})

test('a file ends some time after its last trigger, and only the time before its first is in it', async () => {
  const ended: string[] = []
  const recorder = new TriggerRecorder({
    path: join(folder(), 'post.mcap'),
    preSeconds: 0.2,
    postSeconds: 0.2,
    onFile: (event, file) => event === 'end' && ended.push(file),
  })
  await recorder.open()
  await recorder.write(numbersEnvelope(0))
  await new Promise((resolve) => setTimeout(resolve, 400))
  await recorder.write(numbersEnvelope(1))
  recorder.trigger()
  await recorder.write(numbersEnvelope(2))
  for (let seq = 3; ended.length === 0; seq++) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    await recorder.write(numbersEnvelope(seq))
  }
  await recorder.close()
  const { seqs } = await read(ended[0] ?? '')
  expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, index) => index + 1))
  expect(seqs.length).toBeGreaterThan(1)
})

test('messages of other programs are kept as they are, around each trigger', async () => {
  const path = join(folder(), 'raw.mcap')
  const recorder = new TriggerRecorder({ path, preSeconds: 3600 })
  await recorder.open()
  const messages: readonly Uint8Array[][] = [
    [Buffer.from('depth/cam'), Uint8Array.of(0, 1)],
    [Buffer.from('alone')],
    [Buffer.from('depth/cam'), Uint8Array.of(2), new Uint8Array()],
  ]
  for (const [index, message] of messages.entries()) {
    if (index === 1) recorder.trigger()
    await recorder.addRaw(message)
  }
  await recorder.close()
  expect(recorder.progress()).toMatchObject({ files: 1, recorded: 3, topics: 2, lost: 0 })
  await using recording = await Recording.open(join(folder(), 'raw-0001.mcap'))
  expect(recording.isWhole).toBe(true)
  const found: unknown[] = []
  for await (const { data } of recording.messages()) found.push(textsOf(decodeRawMessage(data) ?? []))
  expect(found).toEqual(messages.map(textsOf))
})

function textsOf(parts: readonly Uint8Array[]): readonly string[] {
  return parts.map((part) => Buffer.from(part).toString('latin1'))
}

test('what its ring had no room for is not lost, and the file is not said to be complete', async () => {
  const log = new RecordingLog()
  const events: string[] = []
  const path = join(folder(), 'slow.mcap')
  const onFile = (event: string): void => void events.push(event)
  const recorder = new TriggerRecorder({ path, preSeconds: 60, onFile })
  await recorder.open({ log })
  const append = jest.spyOn(RingSegment.prototype, 'append')
  try {
    recorder.trigger()
    await recorder.write(numbersEnvelope(0))
    while (recorder.progress().recorded < 1) await new Promise((resolve) => setTimeout(resolve, 10))
    // Two values come while the disk is full.
    append.mockResolvedValueOnce(false)
    await recorder.write(rowsEnvelope(1, 2))
    while (log.lines.length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    await recorder.write(numbersEnvelope(3))
    await expect(recorder.close()).rejects.toMatchObject({ code: 'ERR_SINK' })
  } finally {
    append.mockRestore()
  }
  expect(events).toEqual(['begin', 'incomplete'])
  expect(log.lines.at(-1)).toContain('slow-0001.mcap is not complete')
  expect(recorder.progress()).toMatchObject({ files: 1, recorded: 2, lost: 0, unwritten: 2 })
  await using recording = await Recording.open(join(folder(), 'slow-0001.mcap'))
  expect(await recording.accounts()).toMatchObject([
    { first: 0, last: 3, received: 4, lost: 0, unwritten: 2 },
  ])
})

test.each([
  ['first', 0],
  ['last', 2],
])(
  'messages without numbers, and what is %s, are missed as well when the ring had no room for them',
  async (_, at) => {
    const log = new RecordingLog()
    const path = join(folder(), `edge-${at}.mcap`)
    const events: string[] = []
    const onFile = (event: string): void => void events.push(event)
    const recorder = new TriggerRecorder({ path, preSeconds: 60, onFile })
    await recorder.open({ log })
    const first = 1000
    let isFull = false
    let appended = 0
    // oxlint-disable-next-line typescript/unbound-method -- it is called with a segment.
    const { append: really } = RingSegment.prototype
    const append = jest.spyOn(RingSegment.prototype, 'append').mockImplementation(async function (
      this: RingSegment,
      chunk,
    ) {
      appended += 1
      return isFull ? false : really.call(this, chunk)
    })
    try {
      for (let piece = 0; piece < 3; piece++) {
        isFull = piece === at
        await recorder.write(rowsEnvelope(first + piece * 2, 2))
        await recorder.addRaw([Buffer.from('depth/cam'), Uint8Array.of(piece)])
        // Numbers and messages are written apart, half a second later.
        while (appended < 2 * (piece + 1)) await new Promise((resolve) => setTimeout(resolve, 10))
      }
    } finally {
      append.mockRestore()
    }
    recorder.trigger()
    await expect(recorder.close()).rejects.toMatchObject({ code: 'ERR_SINK' })
    expect(events).toEqual(['begin', 'incomplete'])
    expect(recorder.progress()).toMatchObject({ files: 1, recorded: 6, lost: 0, unwritten: 3 })
    await using recording = await Recording.open(join(folder(), `edge-${at}-0001.mcap`))
    const accounts = await recording.accounts()
    expect(accounts.toSorted((a, b) => a.topic.localeCompare(b.topic))).toMatchObject([
      { topic: 'depth/cam', received: 3, lost: 0, unwritten: 1 },
      { topic: 'numbers/random', first, last: first + 5, received: 6, lost: 0, unwritten: 2 },
    ])
  },
)

test('a file that is not complete is an error of close, after the ring is removed', async () => {
  const parent = join(folder(), 'failing')
  await mkdir(parent)
  const log = new RecordingLog()
  const recorder = new TriggerRecorder({ path: join(parent, 'x.mcap'), preSeconds: 60 })
  // The first file of a recording may not be there yet.
  await writeFile(join(parent, 'x-0001.mcap'), 'mine')
  await recorder.open({ log })
  await recorder.write(numbersEnvelope(0))
  recorder.trigger()
  await expect(recorder.close()).rejects.toMatchObject({ code: 'ERR_OPTION' })
  expect(log.lines.length).toBeGreaterThan(0)
  expect(await readdir(parent)).toEqual(['x-0001.mcap'])
})

describe('a condition', () => {
  const names = ['ax', 'ay', 'a z']
  const imu = (...rows: readonly number[][]): Envelope => {
    const block: NumbersBlock = {
      ...(numbersEnvelope(0).block as NumbersBlock),
      rows: rows.length,
      columns: 3,
      data: Float64Array.from(rows.flat()),
      names,
    }
    return { topic: 'numbers/imu.left', epoch: 1, block }
  }

  test.each([
    ['numbers/imu.left.ay > 20', [0, 21, 0]],
    ['numbers/imu.left.a z<=-1.5', [0, 0, -1.5]],
    ['  numbers/imu.left[2] >= 2e3 ', [0, 0, 2000]],
    ['numbers/imu.left[0] == 7', [7, 0, 0]],
    ['numbers/imu.left[1] != 0', [0, 1, 0]],
    ['numbers/imu.left.ax < -0', [-1, 0, 0]],
  ])('%s has begun once it holds, and again after it did not', (text, row) => {
    const condition = NumbersCondition.parse(text)
    expect(condition.hasBegun(imu([0, 0, 0]))).toBe(false)
    expect(condition.hasBegun(imu([0, 0, 0], row))).toBe(true)
    expect([condition.isMet, condition.hasBegun(imu(row))]).toEqual([true, false])
    expect(condition.hasBegun(imu([0, 0, 0]))).toBe(false)
    expect(condition.hasBegun(imu(row, [0, 0, 0]))).toBe(true)
  })

  test('of another topic or column never begins', () => {
    for (const text of ['numbers/imu.right.ay > -1', 'numbers/imu.left.no > -1', 'numbers/imu.left[3] > -1'])
      expect(NumbersCondition.parse(text).hasBegun(imu([0, 0, 0]))).toBe(false)
  })

  test.each([
    ['numbers/imu.az 20', 'a comparison is missing at character 18'],
    ['numbers/imu.az > ', 'a number is missing at character 18'],
    ['numbers/imu.az > high', 'a number is missing at character 18'],
    ['numbers/imu.az = 20', '"=" is none of > < >= <= == != at character 16'],
    ['az > 20', 'a topic such as numbers/imu is missing at character 1'],
    ['numbers/imu > 20', 'a column such as .az or [2] is missing at character 12'],
    ['numbers/imu[-1] > 20', 'a column such as .az or [2] is missing'],
    ['numbers/imu.a > 20; process.exit()', 'a number is missing'],
    ['', 'a comparison is missing at character 1'],
  ])('%j is refused, with the place', (text, sentence) => {
    expect(() => NumbersCondition.parse(text)).toThrow(sentence)
  })
})
