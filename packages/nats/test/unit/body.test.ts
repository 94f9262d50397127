import { describe, expect, test } from '@jest/globals'
import { isRejection, MsgpackCodec } from '@zcast/shared'
import { BodyCodec, canCarry } from '../../src/body.ts'
import { cutInParts } from '../../src/cut-in-parts.ts'
import { markRetained } from '../../src/mark-retained.ts'

const codec = new MsgpackCodec()
const bodies = new BodyCodec('me')
const data = Float64Array.of(1, 2.5, -3, Number.NaN)

function there(message: readonly Uint8Array[]): readonly Uint8Array[] {
  const topic = Buffer.from(message[0] ?? []).toString()
  const { body, headers } = bodies.encode(topic, message)
  return bodies.decode(topic, body, headers)
}

describe('a message as NATS carries it', () => {
  test.each([
    ['an array', { kind: 'numbers', seq: 7, time: 1.5, rows: 1, columns: 2, data: data.subarray(0, 2) }],
    ['arrays in an attachment', { kind: 'numbers', seq: 7, time: 1.5, rows: 2, columns: 2, data }],
  ] as const)('%s is its header directly followed by its attachment, and comes back', (_, block) => {
    const message = codec.encode({ topic: 'numbers/a', epoch: 9, block })
    const { body, headers, id } = bodies.encode('numbers/a', message)
    expect(Buffer.compare(body, Buffer.concat(message.slice(1)))).toBe(0)
    expect(['Zc-Epoch', 'Zc-Seq', 'Zc-Time', 'Zc-Hops', 'Zc-Sizes'].map((name) => headers.get(name))).toEqual(
      ['9', '7', '1.5', '0', ''],
    )
    expect(id).toBe('9:numbers/a:7')
    expect(there(message)).toEqual(
      message.map((part) => new Uint8Array(part)).map((part) => Buffer.from(part)),
    )
    // Without any header of NATS, as other programs send it.
    const read = codec.decode(bodies.decode('numbers/a', body, undefined))
    expect(isRejection(read)).toBe(false)
  })

  test('parts that are no header and one attachment keep their sizes', () => {
    const parts = ['t', '', 'x', 'yz'].map((text) => Buffer.from(text))
    expect(there(parts).map((part) => Buffer.from(part).toString())).toEqual(['t', '', 'x', 'yz'])
    const removed = codec.encode({
      topic: 'chat/main',
      epoch: 1,
      block: {
        kind: 'chat',
        seq: 0,
        time: 0,
        id: 1,
        name: 'ann',
        guest: '',
        words: '',
        removed: true,
      } as never,
    })
    expect(there(removed)).toHaveLength(removed.length)
  })

  test('a topic alone comes back alone, and more than 16 parts behind it cannot be carried', () => {
    expect(there([Buffer.from('t')])).toHaveLength(1)
    const parts = Array.from({ length: 18 }, () => Buffer.from('t'))
    expect(canCarry(parts)).toBe(false)
    expect(canCarry(parts.slice(1))).toBe(true)
    expect(there(parts.slice(1))).toHaveLength(17)
  })

  test.each([-100, 0, 500, 1024, 3000])('nothing is missing from its parts where %d bytes fit', (room) => {
    const body = Buffer.from(Array.from({ length: 5000 }, (_, index) => index % 251))
    expect(Buffer.compare(Buffer.concat(cutInParts(body, room)), body)).toBe(0)
    expect(cutInParts(new Uint8Array(), room)).toHaveLength(1)
  })

  test('what another program says is unsupported, whatever sizes it names', () => {
    for (const [body, sizes] of [
      ['{"temp": 21}', undefined],
      ['', undefined],
      ['hello', '99,1'],
      ['hello', '-1,6'],
      ['hello', 'x'],
    ] as const) {
      const { headers } = bodies.encode('numbers/a', [Buffer.from('numbers/a'), Buffer.from('x')])
      if (sizes === undefined) headers.delete('Zc-Sizes')
      else headers.set('Zc-Sizes', sizes)
      expect(codec.decode(bodies.decode('numbers/a', Buffer.from(body), headers))).toMatchObject({
        rejected: 'unsupported',
      })
    }
  })

  test('one of the past says that it was sent before, once', () => {
    const block = {
      kind: 'numbers',
      seq: 7,
      time: 1.5,
      rows: 1,
      columns: 2,
      data: data.subarray(0, 2),
    } as const
    const [topic, header] = codec.encode({ topic: 'numbers/a', epoch: 9, block }) as [Uint8Array, Uint8Array]
    const marked = markRetained(header)
    expect(codec.decode([topic, marked])).toMatchObject({ retained: true, epoch: 9, block: { seq: 7 } })
    expect(markRetained(marked)).toBe(marked)
  })
})
