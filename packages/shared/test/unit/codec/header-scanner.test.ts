import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { Packr, Unpackr } from 'msgpackr'
import { MAX_HEADER_BYTES, refuseHeader } from '../../../src/codec/header-scanner.ts'

const packr = new Packr({ useRecords: false, int64AsType: 'number' })
const unpackr = new Unpackr({ useRecords: false, int64AsType: 'number' })

const bytes = (...parts: (number | number[] | string)[]): Uint8Array =>
  Buffer.concat(parts.map((part) => Buffer.from(typeof part === 'string' ? part : [part].flat())))

/** A map with the key `k` and a value of these bytes. */
const holding = (...value: (number | number[] | string)[]): Uint8Array => bytes(0x81, 0xa1, 'k', ...value)

const zeros = (count: number): number[] => Array.from({ length: count }, () => 0)

describe('refuseHeader', () => {
  test.each<[string, Uint8Array]>([
    ['an empty map', bytes(0x80)],
    ['nil, false and true', bytes(0x83, 0xa1, 'a', 0xc0, 0xa1, 'b', 0xc2, 0xa1, 'c', 0xc3)],
    ['positive and negative fixints', holding(0x92, 0x7f, 0xe0)],
    ['bin 8', holding(0xc4, 2, 1, 2)],
    ['bin 16', holding(0xc5, 0, 1, 1)],
    ['bin 32', holding(0xc6, 0, 0, 0, 1, 1)],
    ['float 32', holding(0xca, zeros(4))],
    ['float 64', holding(0xcb, zeros(8))],
    ['uint 8 to 64', holding(0x94, 0xcc, 1, 0xcd, zeros(2), 0xce, zeros(4), 0xcf, zeros(8))],
    ['int 8 to 64', holding(0x94, 0xd0, 1, 0xd1, zeros(2), 0xd2, zeros(4), 0xd3, zeros(8))],
    ['str 8', holding(0xd9, 1, 'x')],
    ['str 16', holding(0xda, 0, 1, 'x')],
    ['str 32', holding(0xdb, 0, 0, 0, 1, 'x')],
    ['array 16', holding(0xdc, 0, 1, 5)],
    ['array 32', holding(0xdd, 0, 0, 0, 1, 5)],
    ['map 16', bytes(0xde, 0, 1, 0xa1, 'k', 5)],
    ['map 32', bytes(0xdf, 0, 0, 0, 1, 0xa1, 'k', 5)],
    ['keys of str 8, 16 and 32', bytes(0x83, 0xd9, 0, 1, 0xda, 0, 0, 1, 0xdb, zeros(4), 1)],
    ['four levels', holding(0x91, 0x91, 0x91, 5)],
  ])('lets pass %s', (_, header) => {
    expect(refuseHeader(header)).toBeUndefined()
    expect(() => unpackr.unpack(header) as unknown).not.toThrow()
  })

  test.each<[string, Uint8Array, string]>([
    ['nothing', bytes(), 'not a msgpack map'],
    ['an array', bytes(0x90), 'not a msgpack map'],
    ['a number', bytes(7), 'not a msgpack map'],
    ['text', bytes('{"v":1}'), 'not a msgpack map'],
    ['a timestamp', holding(0xd6, 0xff, zeros(4)), 'extension'],
    ['fixext 1 to 16', holding(0xd8, 1, zeros(16)), 'extension'],
    ['ext 8', holding(0xc7, 1, 1, 0), 'extension'],
    ['ext 16', holding(0xc8, 0, 1, 1, 0), 'extension'],
    ['ext 32', holding(0xc9, 0, 0, 0, 1, 1, 0), 'extension'],
    ['the reserved type', holding(0xc1), 'not msgpack'],
    ['five levels', holding(0x91, 0x91, 0x91, 0x91, 5), 'nests deeper'],
    ['five levels, the last empty', holding(0x91, 0x91, 0x91, 0x90), 'nests deeper'],
    ['five levels of maps', holding(...[1, 2, 3, 4].flatMap(() => [0x81, 0xa0]), 5), 'nests deeper'],
    ['a key that is a number', bytes(0x81, 1, 1), 'not a string'],
    ['a key that is bytes', bytes(0x81, 0xc4, 0, 1), 'not a string'],
    ['bytes after the end', bytes(0x80, 0), 'after its end'],
    ['a map that ends early', bytes(0x82, 0xa1, 'k', 1), 'not a string'],
    ['a key without a value', bytes(0x81, 0xa1, 'k'), 'ends early'],
    ['a string that ends early', holding(0xd9, 5, 'abc'), 'ends early'],
    ['a length that ends early', holding(0xdb, 0, 0), 'ends early'],
    ['an array of 4 billion', holding(0xdd, 255, 255, 255, 255, 1), 'ends early'],
    ['a map of 4 billion', bytes(0xdf, 255, 255, 255, 255), 'not a string'],
    ['bytes of 4 GB', holding(0xc6, 255, 255, 255, 255), 'ends early'],
  ])('refuses %s', (_, header, reason) => {
    expect(refuseHeader(header)).toContain(reason)
  })

  test('refuses a header over 64 KiB by its length alone', () => {
    const header = packr.pack({ k: 'x'.repeat(MAX_HEADER_BYTES) })
    expect(refuseHeader(header)).toContain('is over')
    expect(refuseHeader(packr.pack({ k: 'x'.repeat(MAX_HEADER_BYTES - 10) }))).toBeUndefined()
  })

  test('refuses nesting of thousands of levels without exhausting the stack', () => {
    expect(
      refuseHeader(
        holding(
          Array.from({ length: 60_000 }, () => 0x91),
          1,
        ),
      ),
    ).toContain('nests deeper')
  })

  test('lets every map of plain values pass, up to the depth allowed', () => {
    const leaf = fc.oneof(fc.integer(), fc.double(), fc.string(), fc.boolean(), fc.constant(null))
    const values = fc.oneof(leaf, fc.array(fc.oneof(leaf, fc.array(fc.oneof(leaf, fc.array(leaf))))))
    fc.assert(
      fc.property(fc.dictionary(fc.string(), values), (map) => {
        expect(refuseHeader(packr.pack(map))).toBeUndefined()
      }),
    )
  })

  test('refuses every truncation of a header', () => {
    const header = packr.pack({ v: 1, epoch: 7, seq: 300, time: 1.5, values: [1, 2.5, 3], name: 'a' })
    for (let length = 0; length < header.length; length++) {
      expect(refuseHeader(header.subarray(0, length))).toBeDefined()
    }
  })

  test('never throws, and whatever passes can be decoded', () => {
    const header = packr.pack({ v: 1, epoch: 7, seq: 300, time: 1.5, values: [1, 2.5, 3], name: 'abc' })
    const damaged = fc
      .array(fc.tuple(fc.nat(header.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
      .map((changes) => {
        const copy = Uint8Array.from(header)
        for (const [at, byte] of changes) copy[at] = byte
        return copy
      })
    const junk = fc.uint8Array({ maxLength: 60 }).map((rest) => bytes(0x80 + (rest.length % 8), [...rest]))
    fc.assert(
      fc.property(fc.oneof(damaged, junk, fc.uint8Array()), (candidate) => {
        if (refuseHeader(candidate) !== undefined) return
        expect(typeof unpackr.unpack(candidate)).toBe('object')
      }),
      { numRuns: 1000 },
    )
  })
})
