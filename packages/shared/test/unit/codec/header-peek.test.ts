import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { type Envelope, MsgpackCodec } from '@zcast/shared'
import { HeaderPeek } from '../../../src/codec/header-peek.ts'

const codec = new MsgpackCodec()
const peek = new HeaderPeek()

function headerOf(block: object, rest: object = {}): Uint8Array {
  const envelope = { topic: 'numbers/a', epoch: 4_000_000_000, ...rest, block }
  return codec.encode(envelope as Envelope)[1] ?? new Uint8Array()
}

describe('a peek into a header', () => {
  test('finds number, time and epoch of an array of numbers', () => {
    const block = {
      kind: 'numbers',
      seq: 2 ** 40,
      time: 1785858421.977,
      rows: 1,
      columns: 3,
      data: Float64Array.of(1, 2.5, -3),
    }
    expect(peek.read(headerOf(block))).toMatchObject({
      v: 1,
      epoch: 4_000_000_000,
      seq: 2 ** 40,
      time: 1785858421.977,
      rows: undefined,
      retained: false,
    })
  })

  test('finds the rows of a batch, whatever is beside them', () => {
    const names = ['a', 'seq']
    const block = {
      kind: 'numbers',
      seq: 7,
      time: 5,
      rows: 2,
      columns: 2,
      interval: 0.001,
      data: new Float64Array(4),
      names,
      units: names,
    }
    expect(peek.read(headerOf(block, { retained: true }))).toMatchObject({
      seq: 7,
      time: 5,
      rows: 2,
      columns: 2,
      interval: 0.001,
      retained: true,
    })
  })

  test('reads every number as the codec does', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.nat(0xffff_ffff),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        (seq, epoch, time) => {
          const block = {
            kind: 'video',
            seq,
            time,
            width: 1,
            height: 1,
            format: 'jpeg',
            data: new Uint8Array(4),
          }
          const fields = peek.read(headerOf(block, { topic: 'video/a', epoch }))
          expect(fields).toMatchObject({ seq, epoch, time: time === 0 ? expect.closeTo(0) : time })
        },
      ),
    )
  })

  test.each([
    ['nothing', ''],
    ['no map', '93010203'],
    ['a map that is cut off', '82a17601'],
    ['bytes behind the map', '81a1760100'],
    ['an extension', '81a176d40102'],
    ['a text that is longer than the header', '81a176db7fffffff'],
    ['an array that has no end', '81a176ddffffffff01'],
    ['deep nesting', `81a176${'91'.repeat(30)}01`],
  ])('refuses %s', (_, hex) => {
    expect(peek.read(Buffer.from(hex, 'hex'))).toBeUndefined()
  })

  test('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(() => peek.read(bytes)).not.toThrow()
        expect(() => peek.read(Uint8Array.of(0x83, ...bytes))).not.toThrow()
      }),
    )
  })
})
