import { describe, expect, test } from '@jest/globals'
import { PartAssembly, parsePart } from '../../src/part-assembly.ts'

const bytes = (text: string): Uint8Array => Buffer.from(text)
const text = (whole: Uint8Array | undefined): string | undefined => whole && Buffer.from(whole).toString()

describe('a large message in parts', () => {
  test('is whole with its last part, in whatever order they come', () => {
    const parts = new PartAssembly(100)
    expect(parts.add('a', { part: 2, of: 3 }, bytes('b'))).toBeUndefined()
    expect(parts.add('a', { part: 2, of: 3 }, bytes('again'))).toBeUndefined()
    expect(parts.add('a', { part: 3, of: 3 }, bytes('c'))).toBeUndefined()
    expect(text(parts.add('a', { part: 1, of: 3 }, bytes('a')))).toBe('abc')
  })

  test('is given up when eight others have begun, or when it is too large', () => {
    const parts = new PartAssembly(10)
    for (let index = 0; index <= 8; index++)
      parts.add(String(index), { part: 1, of: 2 }, bytes(String(index)))
    expect(parts.add('0', { part: 2, of: 2 }, bytes('x'))).toBeUndefined()
    expect(text(parts.add('8', { part: 2, of: 2 }, bytes('x')))).toBe('8x')
    parts.add('large', { part: 1, of: 3 }, bytes('0123456789'))
    parts.add('large', { part: 2, of: 3 }, bytes('0'))
    expect(parts.add('large', { part: 3, of: 3 }, bytes('0'))).toBeUndefined()
  })

  test.each(['', '1', '0/2', '3/2', '1/1', '1/5000', '1/2/3', 'a/b', '-1/2'])('%j is no part', (number) => {
    expect(parsePart(number)).toBeUndefined()
  })

  test('says which it is', () => {
    expect(parsePart('2/3')).toEqual({ part: 2, of: 3 })
  })
})
