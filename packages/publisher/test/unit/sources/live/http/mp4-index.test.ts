import { describe, expect, test } from '@jest/globals'
import { moveIndex } from '../../../../../src/sources/live/http/mp4-index.ts'

function box(type: string, ...contents: Buffer[]): Buffer {
  const head = Buffer.alloc(8)
  const all = Buffer.concat(contents)
  head.writeUInt32BE(all.length + 8)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, all])
}

function positions(type: 'stco' | 'co64', values: readonly bigint[]): Buffer {
  const width = type === 'stco' ? 4 : 8
  const contents = Buffer.alloc(8 + values.length * width)
  contents.writeUInt32BE(values.length, 4)
  for (const [index, value] of values.entries()) {
    if (width === 4) contents.writeUInt32BE(Number(value), 8 + index * 4)
    else contents.writeBigUInt64BE(value, 8 + index * 8)
  }
  return box(type, contents)
}

const index = (...tables: Buffer[]): Buffer =>
  box(
    'moov',
    box('mvhd', Buffer.alloc(20)),
    ...tables.map((table) => box('trak', box('mdia', box('minf', box('stbl', table))))),
  )

describe('an index', () => {
  test('that is moved names the data where it is then', () => {
    const moved = index(positions('stco', [48n, 1000n]), positions('co64', [48n, 5_000_000_000n, 8n]))
    const by = BigInt(moved.length)
    const expected = index(
      positions('stco', [48n + by, 1000n + by]),
      positions('co64', [48n + by, 5_000_000_000n + by, 8n]),
    )
    expect(moveIndex(moved, 40)).toBe(true)
    expect(moved).toEqual(expected)
  })

  test('cannot be moved beyond 32 bits', () => {
    expect(moveIndex(index(positions('stco', [0xffff_ffffn])), 0)).toBe(false)
  })

  test.each([
    ['that has more positions than bytes', index(box('stco', Buffer.of(0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff)))],
    ['with an empty table', index(box('co64'))],
    ['with a box beyond its end', index(Buffer.from('\x7f\0\0\0stco', 'latin1'))],
  ])('%s cannot be moved', (_, damaged) => {
    expect(moveIndex(damaged, 0)).toBe(false)
  })
})
