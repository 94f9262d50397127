import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { SCHEMAS } from '@zcast/schemas'
import type { NumbersBlock } from '@zcast/shared'
import { readRequest } from '../../src/clients/read-request.ts'
import { OutgoingQueue } from '../../src/clients/outgoing-queue.ts'
import { encodeBlock } from '../../src/encode-block.ts'
import { frameFor, FRAME_HEAD_BYTES } from '../../src/message-frame.ts'
import { decoderOf } from '@zcast/testing/network/foxglove-program'

test('each row of numbers is a message of its own, at its own time, with room for the head', () => {
  const data = Float64Array.of(5, 6, 7)
  const block: NumbersBlock = { kind: 'numbers', seq: 3, time: 1, interval: 0.25, rows: 3, columns: 1, data }
  const { name: schemaName, data: schema } = SCHEMAS.numbers
  const decode = decoderOf({ schemaName, schema: Buffer.from(schema).toString('base64') })
  const messages = [...encodeBlock({ topic: 'numbers/a', epoch: 9, block })]
  expect(messages.map((message) => message.readBigUInt64LE(5))).toEqual([
    1_000_000_000n,
    1_250_000_000n,
    1_500_000_000n,
  ])
  expect(messages.map((message) => decode(message.subarray(FRAME_HEAD_BYTES)))).toMatchObject([
    { values: [5], seq: 3, epoch: 9 },
    { values: [6], seq: 4, epoch: 9 },
    { values: [7], seq: 5, epoch: 9 },
  ])
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
