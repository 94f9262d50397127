import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import type { Block, BlockKind, ChatBlock, NumbersBlock, SoundBlock } from '@zcast/shared'
import { decoderOf } from '@zcast/testing/network/foxglove-program'
import { frameEnvelope } from '@zcast/testing/streams/envelopes'
import {
  LOG_SCHEMA,
  type MessageSchema,
  nanoseconds,
  ProtobufWriter,
  readFields,
  readValue,
  SCHEMAS,
  splitTime,
  writeLog,
  writeValue,
} from '../../src/index.ts'

const TIME = 1_785_000_000.987654

const sound: SoundBlock = {
  kind: 'audio',
  seq: 3,
  time: TIME,
  rate: 48_000,
  channels: 2,
  samples: 2,
  format: 's16',
  data: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
}
const chat: ChatBlock = {
  kind: 'chat',
  seq: 0,
  time: TIME,
  id: 7,
  name: 'Ann',
  guest: '',
  data: new TextEncoder().encode('hello ☀'),
}

const write = (block: Block, epoch?: number, row = 0): Uint8Array => {
  const writer = new ProtobufWriter()
  writeValue(writer, { topic: `${block.kind}/main`, block, epoch }, row)
  return writer.bytes
}

/** What a program finds that knows the schema and nothing of zcast. */
const readElsewhere = ({ name, data }: MessageSchema, bytes: Uint8Array): Record<string, unknown> =>
  decoderOf({ schemaName: name, schema: Buffer.from(data).toString('base64') })(bytes)

test('whatever numbers there are, another reader of protobuf finds the same by the schema', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double(), { minLength: 1, maxLength: 300 }),
      fc.maxSafeNat(),
      fc.nat({ max: 2 ** 32 - 1 }),
      fc.array(fc.constantFrom('ax', 'Wärme', '☀', 'x y'), { minLength: 1, maxLength: 5 }),
      (values, seq, epoch, some) => {
        const names = values.map((_, column) => some[column % some.length] as string)
        const data = Float64Array.from(values)
        const columns = values.length
        const block: NumbersBlock = { kind: 'numbers', seq, time: 1, rows: 1, columns, data, names }
        const content = readElsewhere(SCHEMAS.numbers, write(block, epoch))
        expect(content).toMatchObject({ values, names })
        expect(content['seq'] ?? 0).toBe(seq)
        expect(content['epoch'] ?? 0).toBe(epoch)
        expect(readValue('numbers', write(block, epoch))).toEqual({
          block,
          epoch,
          arrivalTime: false,
          withheld: 0,
        })
      },
    ),
  )
})

test('numbers of other programs have neither seq nor epoch', () => {
  const block: NumbersBlock = { kind: 'numbers', time: 1, rows: 1, columns: 1, data: Float64Array.of(5) }
  expect(readElsewhere(SCHEMAS.numbers, write(block))).toEqual({
    timestamp: { seconds: 1 },
    values: [5],
    zcast_unnumbered: true,
  })
})

const picture = frameEnvelope(5, { epoch: 9, time: TIME }).block

test.each<[BlockKind, Block, Record<string, unknown>]>([
  // Rerun shows no picture whose coordinate frame has no name.
  [
    'video',
    picture,
    {
      data: Buffer.from(picture.data as Uint8Array),
      format: 'jpeg',
      frame_id: 'video/main',
      zcast_seq: 5,
    },
  ],
  ['audio', sound, { format: 'pcm-s16', sample_rate: 48_000, number_of_channels: 2, zcast_samples: 2 }],
  [
    'voice',
    { ...sound, kind: 'voice', format: 'opus', samples: 960 },
    { format: 'opus', zcast_seq: 3, zcast_samples: 960 },
  ],
  ['chat', chat, { level: 2, name: 'Ann', message: 'hello ☀', zcast_id: 7 }],
  ['chat', { ...chat, removed: true, data: new Uint8Array() }, { message: '', zcast_removed: true }],
])('%s is read by zcast as it was written, and by others by its schema', (kind, block, expected) => {
  const bytes = write(block, 9)
  expect(readValue(kind, bytes)).toEqual({ block, epoch: 9, arrivalTime: false, withheld: 0 })
  const { timestamp, ...content } = readElsewhere(SCHEMAS[kind], bytes)
  expect(content).toMatchObject({ ...expected, zcast_epoch: 9 })
  expect(timestamp).toEqual({ seconds: 1_785_000_000, nanos: 987_654_000 })
})

function timeOf(timestamp: unknown): number {
  const { seconds = 0, nanos = 0 } = timestamp as { seconds?: number; nanos?: number }
  return seconds * 1e9 + nanos
}

test('a line of a log is a foxglove.Log', () => {
  const writer = writeLog(new ProtobufWriter(), { time: 2, level: 'error', message: 'no', name: 'me' })
  expect(readElsewhere(LOG_SCHEMA, writer.bytes)).toEqual({
    timestamp: { seconds: 2 },
    level: 4,
    message: 'no',
    name: 'me',
  })
})

describe('messages of other programs', () => {
  const doubles = (...values: number[]): Uint8Array => new Uint8Array(Float64Array.from(values).buffer)
  /** `repeated double` that is not packed: key (field 2, eight bytes) and value. */
  const unpacked = (value: number): number[] => [2 * 8 + 1, ...doubles(value)]

  test('with numbers that are not packed, or packed in parts, are read', () => {
    const writer = new ProtobufWriter().timestamp(1, 5).blob(2, doubles(3, 4))
    const bytes = Uint8Array.of(...unpacked(1), ...unpacked(2), ...writer.bytes)
    expect(readValue('numbers', bytes)).toMatchObject({
      block: { time: 5, columns: 4, data: Float64Array.of(1, 2, 3, 4) },
    })
  })

  test('with fields that zcast does not know, of any type, are read', () => {
    const writer = new ProtobufWriter().timestamp(1, 5).blob(2, doubles(3)).blob(90, 'x').fixed32(91, 7)
    expect(readValue('numbers', writer.uint(99, 2 ** 40).bytes)).toMatchObject({ block: { columns: 1 } })
  })

  test('with sound that says nothing of its samples have as many as there are', () => {
    const writer = new ProtobufWriter().timestamp(1, 5).blob(2, new Uint8Array(16)).blob(3, 'pcm-s16')
    const { block } = readValue('audio', writer.fixed32(4, 44_100).fixed32(5, 2).bytes) ?? {}
    expect(block).toMatchObject({ rate: 44_100, channels: 2, samples: 4, format: 's16' })
  })

  test.each<[string, BlockKind, ProtobufWriter]>([
    ['sound in another format', 'audio', new ProtobufWriter().blob(3, 'aac').fixed32(4, 1).fixed32(5, 1)],
    ['sound without a rate', 'audio', new ProtobufWriter().blob(3, 'pcm-s16').fixed32(5, 1)],
    ['a picture in another format', 'video', new ProtobufWriter().blob(2, 'RIFFxxxxWEBP').blob(3, 'webp')],
    ['numbers cut off', 'numbers', new ProtobufWriter().blob(2, new Uint8Array(12))],
    ['no numbers', 'numbers', new ProtobufWriter().timestamp(1, 1)],
  ])('with %s are none of ours', (_, kind, writer) => {
    expect(readValue(kind, writer.bytes)).toBeUndefined()
  })

  test('whatever the bytes, nothing throws', () => {
    const kinds = fc.constantFrom<BlockKind>('numbers', 'video', 'audio', 'chat')
    fc.assert(fc.property(kinds, fc.uint8Array(), (kind, bytes) => void readValue(kind, bytes)))
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => typeof readFields(bytes, () => undefined) === 'boolean'),
    )
  })
})

test.each([
  [0, { sec: 0, nsec: 0 }],
  [1.25, { sec: 1, nsec: 250_000_000 }],
  [0.999_999_999_9, { sec: 1, nsec: 0 }],
  [-5, { sec: 0, nsec: 0 }],
  [Number.NaN, { sec: 0, nsec: 0 }],
  [1e300, { sec: 18_446_744_072, nsec: 0 }],
])('%d seconds are written as %j', (seconds, expected) => {
  expect(splitTime(seconds)).toEqual(expected)
  expect(nanoseconds(expected)).toBe(BigInt(expected.sec) * 1_000_000_000n + BigInt(expected.nsec))
  const bytes = new ProtobufWriter(0, 0).timestamp(1, seconds).bytes
  const { timestamp } = readElsewhere(SCHEMAS.numbers, bytes)
  expect(timeOf(timestamp)).toBe(expected.sec * 1e9 + expected.nsec)
})

test('numbers that no stream has are not read', () => {
  const data = Float64Array.of(1)
  const row = (interval: number, seq = 0, epoch = 0): Uint8Array =>
    write({ kind: 'numbers', seq, time: TIME, interval, rows: 1, columns: 1, data }, epoch)
  expect(readValue('numbers', row(0.1))).toBeDefined()
  for (const interval of [Number.NaN, Infinity, -1])
    expect(readValue('numbers', row(interval))).toBeUndefined()
  expect(readValue('numbers', row(0.1, 2 ** 60))).toBeUndefined()
  expect(readValue('numbers', row(0.1, 0, 2 ** 32))).toBeUndefined()
})

test('the same number of seconds comes back', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 2 ** 33, noNaN: true }), (time) => {
      const { sec, nsec } = splitTime(time)
      expect(Math.abs(sec + nsec / 1e9 - time)).toBeLessThanOrEqual(time < 2 ** 23 ? 1e-9 : 0)
    }),
  )
})

test('a writer leaves the bytes before each message free, and grows', () => {
  const writer = new ProtobufWriter(13, 0)
  for (const size of [1, 5000, 3]) {
    const { bytes } = writer.reset().blob(1, new Uint8Array(size).fill(7))
    expect(bytes.subarray(-size)).toEqual(new Uint8Array(size).fill(7))
    readFields(bytes.subarray(13), (field, value) =>
      expect([field, value]).toEqual([1, new Uint8Array(size).fill(7)]),
    )
  }
})
