import { describe, expect, test } from '@jest/globals'
import { isRejection, MsgpackCodec, type Message } from '@zcast/shared'
import { msgpack, sliceRows } from '@zcast/shared/internal'
import { rows } from '@zcast/testing/streams/list-source'
import { type CarriedEnvelope, RelayCodec } from '../../src/relay-codec.ts'

const topic = 'numbers/imu'
const OPTIONS = { useRecords: false, int64AsType: 'number' } as const

function message(header: Readonly<Record<string, unknown>>, ...data: Uint8Array[]): Message {
  return [Buffer.from(topic), new (msgpack().Packr)(OPTIONS).pack(header), ...data]
}

function header([, part = new Uint8Array()]: Message): Record<string, unknown> {
  return new (msgpack().Unpackr)(OPTIONS).unpack(part) as Record<string, unknown>
}

function decode(received: Message): CarriedEnvelope {
  const envelope = new RelayCodec().decode(received)
  if (isRejection(envelope)) throw new Error(envelope.reason)
  return envelope
}

const head = { v: 1, epoch: 7, seq: 70_000, time: 1.5 }

describe('RelayCodec', () => {
  test('hands on keys that nobody knows, and counts the relays', () => {
    const long = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`key${index}`, index]))
    const deep = { list: [1, 'two', null, true, -1, 1e300, 'x'.repeat(300), { three: 3 }] }
    const sent = { ...head, values: [1, 2.5], ...long, deep, bytes: new Uint8Array(3) }
    const once = new RelayCodec().encode(decode(message(sent)))
    expect(header(once)).toEqual({ ...sent, bytes: Buffer.alloc(3), hops: 1 })
    const twice = new RelayCodec().encode(decode(once))
    expect(header(twice)).toEqual({ ...sent, bytes: Buffer.alloc(3), hops: 2 })
  })

  test('writes anew what is told of the way', () => {
    const envelope = decode(message({ ...head, values: [1], hops: 'many', retained: true, withheld: 3 }))
    expect(header(new RelayCodec().encode({ ...envelope, retained: undefined, withheld: 300 }))).toEqual({
      ...head,
      values: [1],
      hops: 1,
      withheld: 300,
    })
  })

  test('hands on the very bytes of a picture, which it does not look at', () => {
    const picture = Buffer.from('no picture')
    const received: Message = [
      Buffer.from('video/cam'),
      ...message({ ...head, width: 4, height: 2, format: 'jpeg' }).slice(1),
      picture,
    ]
    const [, , data] = new RelayCodec().encode({ ...decode(received), lanes: true })
    expect(data).toBe(picture)
  })

  test('packs a part of a batch, or the last value with its names, as a message of its own', () => {
    const block = { ...rows(1, 2, 3), seq: 40, time: 2, interval: 0.5 }
    const envelope = decode(new MsgpackCodec().encode({ topic, epoch: 7, block }))
    const part = sliceRows(block, 1, 2)
    expect(decode(new RelayCodec().encode({ ...envelope, block: part }))).toMatchObject({
      epoch: 7,
      carried: { hops: 1 },
      block: { seq: 41, time: 2.5, rows: 2 },
    })
    const named = { ...block, names: ['x'] }
    expect(decode(new RelayCodec().encode({ ...envelope, retained: true, block: named }))).toMatchObject({
      retained: true,
      block: { names: ['x'], rows: 3 },
    })
  })

  test('refuses what the codec refuses', () => {
    expect(new RelayCodec().decode([Buffer.from('weather')])).toMatchObject({ rejected: 'invalid' })
  })
})
