import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { Packr, Unpackr } from 'msgpackr'
import { MsgpackCodec } from '../../../src/codec/msgpack-codec.ts'
import type { Envelope } from '../../../src/envelope.ts'

const codec = new MsgpackCodec()
const packr = new Packr({ useRecords: false })
const SOUND = { v: 1, epoch: 7, seq: 3, time: 1.5, rate: 48_000, channels: 2, samples: 2, format: 's16' }
const DATA = new Uint8Array(8)

function decode(header: unknown, ...attachments: Uint8Array[]): unknown {
  return codec.decode([Buffer.from('audio/main'), packr.pack(header), ...attachments])
}

describe('sound in the wire format', () => {
  test('is decoded as it was encoded', () => {
    const sounds = fc
      .record({
        rate: fc.integer({ min: 1000, max: 384_000 }),
        channels: fc.integer({ min: 1, max: 32 }),
        samples: fc.integer({ min: 1, max: 1000 }),
        seq: fc.maxSafeNat(),
        time: fc.double({ noDefaultInfinity: true, noNaN: true }).map((value) => value + 0),
      })
      .chain((shape) => {
        const length = shape.samples * shape.channels * 2
        const bytes = fc.uint8Array({ minLength: length, maxLength: length })
        return bytes.map((data) => Object.assign({ kind: 'audio', format: 's16', data } as const, shape))
      })
    fc.assert(
      fc.property(sounds, fc.boolean(), (block, retained) => {
        const sent: Envelope = { topic: 'audio/main', epoch: 1, block, ...(retained && { retained }) }
        expect(codec.decode(codec.encode(sent))).toEqual(sent)
      }),
      { numRuns: 40 },
    )
  })

  test('says what a reader needs, in a plain map', () => {
    const block = { ...SOUND, kind: 'audio', format: 's16', data: DATA } as const
    const [topic, header, data] = codec.encode({ topic: 'audio/main', epoch: 7, block })
    expect(Buffer.from(topic ?? []).toString()).toBe('audio/main')
    expect(new Unpackr({ useRecords: false }).unpack(header ?? Buffer.alloc(0))).toEqual(SOUND)
    expect(data).toEqual(DATA)
  })

  test('may leave out s16, which is the usual format, and may be one packet of Opus', () => {
    const { format: _, ...plain } = SOUND
    expect(decode(plain, DATA)).toMatchObject({ block: { format: 's16', samples: 2 } })
    expect(decode({ ...SOUND, format: 'opus', samples: 960 }, new Uint8Array(80))).toMatchObject({
      block: { format: 'opus', samples: 960 },
    })
  })

  test.each([
    [{ samples: 3 }, 'samples and channels do not match the bytes there'],
    [{ channels: 1 }, 'samples and channels do not match the bytes there'],
    [{ channels: 0 }, 'channels is not 1 to 32'],
    [{ channels: 999 }, 'channels is not 1 to 32'],
    [{ rate: 0 }, 'rate is not 1000 to 384000'],
    [{ rate: 999 }, 'rate is not 1000 to 384000'],
    [{ rate: 2 ** 40 }, 'rate is not 1000 to 384000'],
    [{ samples: 0 }, 'samples is not 1 to those of a second'],
    [{ samples: 48_001 }, 'samples is not 1 to those of a second'],
    [{ samples: 2.5 }, 'rate, channels or samples is not an unsigned integer'],
    [{ channels: -2 }, 'rate, channels or samples is not an unsigned integer'],
    [{ rate: '48000' }, 'rate, channels or samples is not an unsigned integer'],
    [{ rate: Number.NaN }, 'rate, channels or samples is not an unsigned integer'],
    [{ format: 7 }, 'format is not a string'],
    [{ format: 'opus', rate: 44_100 }, 'Opus has no such rate or channels'],
    [{ format: 'opus', channels: 3 }, 'Opus has no such rate or channels'],
    [{ format: 'opus', samples: 5761 }, 'the attachment is not one Opus packet'],
  ])('is refused with %j', (change, reason) => {
    expect(decode({ ...SOUND, ...change }, DATA)).toEqual({
      rejected: 'invalid',
      reason,
      topic: 'audio/main',
    })
  })

  test('is refused where it has no attachment, more than one, or an empty packet', () => {
    expect(decode(SOUND)).toMatchObject({ rejected: 'invalid', reason: 'audio has 3 parts' })
    expect(decode(SOUND, DATA, DATA)).toMatchObject({ rejected: 'invalid', reason: 'audio has 3 parts' })
    expect(decode({ ...SOUND, format: 'opus', samples: 960 }, new Uint8Array())).toMatchObject({
      rejected: 'invalid',
    })
  })

  test('of a format that is not known is unsupported rather than invalid', () => {
    expect(decode({ ...SOUND, format: 'f32' }, DATA)).toMatchObject({ rejected: 'unsupported' })
  })

  test('never throws, whatever the header says', () => {
    const key = fc.constantFrom('rate', 'channels', 'samples', 'format', 'seq', 'time')
    fc.assert(
      fc.property(fc.dictionary(key, fc.anything({ maxDepth: 1 })), fc.uint8Array(), (change, data) => {
        let header: Uint8Array
        try {
          header = packr.pack({ ...SOUND, ...change })
        } catch {
          return
        }
        const read = codec.decode([Buffer.from('audio/main'), header, data])
        if ('rejected' in read) return
        const { block } = read
        expect(block).toMatchObject({ kind: 'audio' })
      }),
    )
  })
})
