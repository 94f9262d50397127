import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { Packr } from 'msgpackr'
import { MsgpackCodec } from '../../../src/codec/msgpack-codec.ts'
import type { Envelope } from '../../../src/envelope.ts'

const codec = new MsgpackCodec()
const packr = new Packr({ useRecords: false })
const SAID = { v: 1, epoch: 7, seq: 3, time: 1.5, id: 12, name: 'ann', guest: 'a1' }
const WORDS = Buffer.from('hello')

function decode(header: unknown, ...attachments: Uint8Array[]): unknown {
  return codec.decode([Buffer.from('chat/main'), packr.pack(header), ...attachments])
}

describe('a chat in the wire format', () => {
  test('is decoded as it was encoded, whatever the words are', () => {
    const text = fc.string({ unit: 'grapheme' })
    const said = fc.record({ id: fc.maxSafeNat(), name: text, guest: text, text, seq: fc.maxSafeNat() })
    fc.assert(
      fc.property(said, fc.boolean(), ({ text: words, ...rest }, removed) => {
        const data = Buffer.from(words)
        const block = { kind: 'chat', time: 1.5, ...rest, ...(removed && { removed }), data } as const
        const sent: Envelope = { topic: 'chat/main', epoch: 1, block }
        expect(codec.decode(codec.encode(sent))).toEqual(sent)
      }),
      { numRuns: 40 },
    )
  })

  test('may leave out the guest', () => {
    const { guest: _, ...plain } = SAID
    expect(decode(plain, WORDS)).toMatchObject({ block: { guest: '', name: 'ann', id: 12 } })
  })

  test.each([
    [{ id: -1 }, 'id is not an unsigned integer'],
    [{ id: 'a' }, 'id is not an unsigned integer'],
    [{ name: 7 }, 'name or guest is not a string'],
    [{ guest: ['a'] }, 'name or guest is not a string'],
    [{ name: 'n'.repeat(257) }, 'name or guest is too long'],
  ])('is refused with %j', (change, reason) => {
    expect(decode({ ...SAID, ...change }, WORDS)).toEqual({ rejected: 'invalid', reason, topic: 'chat/main' })
  })

  test.each([
    ['no words', []],
    ['more than one attachment', [WORDS, WORDS]],
    ['words that are not UTF-8', [Buffer.from([0x68, 0xff])]],
    ['half a character at the end', [Buffer.from('☕').subarray(0, 2)]],
    ['too many words', [Buffer.alloc(16 * 1024 + 1, 'a')]],
  ])('is refused with %s', (_what, attachments) => {
    expect(decode(SAID, ...attachments)).toMatchObject({ rejected: 'invalid' })
  })
})
