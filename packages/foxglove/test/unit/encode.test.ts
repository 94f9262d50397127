import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import type { NumbersBlock } from '@zcast/shared'
import { readRequest } from '../../src/clients/read-request.ts'
import { OutgoingQueue } from '../../src/clients/outgoing-queue.ts'
import { frameFor, FRAME_HEAD_BYTES } from '../../src/message-frame.ts'
import { splitTime } from '../../src/message-time.ts'
import { NUMBERS_SCHEMA } from '../../src/protobuf/descriptors.ts'
import { encodeBlock } from '../../src/protobuf/encode-block.ts'
import { decoderOf } from '@zcast/testing/network/foxglove-program'

const decode = decoderOf({ id: 1, topic: '', encoding: 'protobuf', ...NUMBERS_SCHEMA })

test('whatever numbers there are, another reader of protobuf finds the same by the descriptor', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double(), { minLength: 1, maxLength: 300 }),
      fc.maxSafeNat(),
      fc.nat({ max: 2 ** 32 - 1 }),
      fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 5 }),
      (values, seq, epoch, names) => {
        const block: NumbersBlock = {
          kind: 'numbers',
          seq,
          time: 1,
          rows: 1,
          columns: values.length,
          data: Float64Array.from(values),
          names,
        }
        const [message] = [...encodeBlock({ topic: 'numbers/a', epoch, block })] as [Buffer]
        const content = decode(message.subarray(FRAME_HEAD_BYTES))
        expect(content).toMatchObject({ values, names })
        expect(content['seq'] ?? 0).toBe(seq)
        expect(content['epoch'] ?? 0).toBe(epoch)
      },
    ),
  )
})

test('numbers of other programs have neither seq nor epoch', () => {
  const block: NumbersBlock = { kind: 'numbers', time: 1, rows: 1, columns: 1, data: Float64Array.of(5) }
  const [message] = [...encodeBlock({ topic: 'numbers/a', block })] as [Buffer]
  expect(decode(message.subarray(FRAME_HEAD_BYTES))).toEqual({
    timestamp: { seconds: 1, nanos: 0 },
    values: [5],
  })
})

test.each([
  [0, { sec: 0, nsec: 0 }],
  [1.25, { sec: 1, nsec: 250_000_000 }],
  [0.999_999_999_9, { sec: 1, nsec: 0 }],
  [-5, { sec: 0, nsec: 0 }],
  [1e300, { sec: 18_446_744_072, nsec: 0 }],
])('%d seconds are written as %j', (seconds, expected) => {
  expect(splitTime(seconds)).toEqual(expected)
})

test('no text is too odd to be refused or understood', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void readRequest(text)))
})

describe('what waits for a slow client', () => {
  const message = (value: number, size = 1024): Buffer => {
    const bytes = Buffer.alloc(size)
    bytes.writeUInt32LE(value, FRAME_HEAD_BYTES)
    return bytes
  }
  const open = (): { queue: OutgoingQueue; outlet: { bufferedBytes: number }; sent: [number, number][] } => {
    const sent: [number, number][] = []
    const outlet = {
      bufferedBytes: 2 ** 30,
      send: (bytes: Uint8Array) => {
        const frame = Buffer.from(bytes)
        sent.push([frame.readUInt32LE(1), frame.readUInt32LE(FRAME_HEAD_BYTES)])
      },
    }
    return { queue: new OutgoingQueue(outlet), outlet, sent }
  }

  test('is at most 4 MiB, of which the newest are kept in their order', () => {
    const { queue, outlet, sent } = open()
    for (let value = 0; value < 10_000; value++) queue.push(message(value), 7, false)
    outlet.bufferedBytes = 0
    queue.pump()
    expect(queue.leftOut + sent.length).toBe(10_000)
    expect(sent.length * (1024 + 64)).toBeLessThanOrEqual(4 * 2 ** 20)
    expect(sent.length * (1024 + 64)).toBeGreaterThan(4 * 2 ** 20 - 2048)
    expect(sent).toEqual(sent.map((_, index) => [7, queue.leftOut + index]))
  })

  test('is one picture of each subscription, beside all else', () => {
    const { queue, outlet, sent } = open()
    queue.push(message(1), 1, false)
    for (let value = 0; value < 5; value++) queue.push(message(value), 2, true)
    queue.push(message(2), 1, false)
    outlet.bufferedBytes = 0
    queue.pump()
    expect(sent).toEqual([
      [1, 1],
      [2, 4],
      [1, 2],
    ])
    expect(queue.leftOut).toBe(4)
  })

  test('is one message where that alone is larger', () => {
    const { queue, outlet, sent } = open()
    queue.push(message(1, 6 * 2 ** 20), 1, false)
    queue.push(message(2, 5 * 2 ** 20), 1, false)
    outlet.bufferedBytes = 0
    queue.pump()
    expect(sent).toEqual([[1, 2]])
  })

  test('is nothing of a subscription that has ended', () => {
    const { queue, outlet, sent } = open()
    for (const [value, subscription] of [
      [1, 1],
      [2, 2],
      [3, 1],
    ] as const)
      queue.push(message(value), subscription, false)
    queue.forget(1)
    outlet.bufferedBytes = 0
    queue.pump()
    expect(sent).toEqual([[2, 2]])
    expect(queue.leftOut).toBe(0)
  })
})

test('each client gets a copy with the number it chose', () => {
  const message = Buffer.alloc(FRAME_HEAD_BYTES)
  expect(
    [frameFor(message, 5), frameFor(message, 4_294_967_295)].map((frame) => frame.readUInt32LE(1)),
  ).toEqual([5, 4_294_967_295])
})
