import { expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { decodeZ85, encodeZ85 } from '../../../src/security/z85.ts'

test('the example of RFC 32', () => {
  const bytes = Uint8Array.of(0x86, 0x4f, 0xd2, 0x6f, 0xb5, 0x59, 0xf7, 0x5b)
  expect(encodeZ85(bytes)).toBe('HelloWorld')
  expect(decodeZ85('HelloWorld')).toEqual(bytes)
})

test('what is written reads as itself', () => {
  const groups = fc
    .uint8Array({ maxLength: 64 })
    .map((bytes) => bytes.slice(0, bytes.length - (bytes.length % 4)))
  fc.assert(
    fc.property(groups, (bytes) => {
      expect(decodeZ85(encodeZ85(bytes))).toEqual(bytes)
    }),
  )
})

test('any text is read to bytes that are written as the same text, or is none', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
      const bytes = decodeZ85(text)
      if (bytes) expect(encodeZ85(bytes)).toBe(text)
    }),
  )
})

test.each(['Hell', 'Hello World', 'Hell"', '#####', '%nSc1', 'h\u00e9llo'])('%s is none', (text) => {
  expect(decodeZ85(text)).toBeUndefined()
})

test('the largest group is the largest number of 32 bits', () => {
  expect(decodeZ85('%nSc0')).toEqual(Uint8Array.of(255, 255, 255, 255))
})
