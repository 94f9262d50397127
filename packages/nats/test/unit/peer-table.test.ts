import { describe, expect, test } from '@jest/globals'
import { PeerTable } from '../../src/peer-table.ts'
import { formatWish, parseWish } from '../../src/wish.ts'

function open(): { table: PeerTable; said: string[] } {
  const said: string[] = []
  const table = new PeerTable({
    onSubscription: (prefix, subscribed) => said.push(`${subscribed ? '+' : '-'}${prefix}`),
    onPeers: () => said.push(`${table.count} there`),
  })
  return { table, said }
}

describe('what subscribers want', () => {
  test('is told when somebody wants it, and when nobody does any more', () => {
    const { table, said } = open()
    table.heard('a', { want: ['numbers/', 'video/main'] }, 0)
    table.heard('b', { want: ['numbers/'] }, 0)
    table.heard('a', { want: ['numbers/'] }, 0)
    table.heard('a', { want: [], gone: true }, 0)
    table.heard('b', { want: [], gone: true }, 0)
    expect(said).toEqual([
      '1 there',
      '+numbers/',
      '+video/main',
      '2 there',
      '+numbers/',
      '-video/main',
      '1 there',
      '-numbers/',
      '0 there',
    ])
  })

  test('is forgotten 5 s after it was said last, and not while there was no server to say it', () => {
    const { table } = open()
    table.heard('a', { want: ['numbers/'] }, 0)
    table.heard('b', { want: ['video/'] }, 4000)
    table.forget(5500)
    expect([table.wants('numbers/x'), table.wants('video/x')]).toEqual([false, true])
    table.extend(60_000)
    table.forget(61_000)
    expect(table.wants('video/x')).toBe(true)
  })

  test('is told again when it was cancelled meanwhile, and a wish to wait each time', () => {
    const { table, said } = open()
    table.heard('a', { want: ['numbers/', '!hold'] }, 0)
    said.length = 0
    table.heard('a', { want: ['numbers/', '!hold'] }, 0)
    table.heard('a', { want: ['numbers/', '!hold'], again: ['numbers/'] }, 0)
    expect(said).toEqual(['+!hold', '+numbers/', '+!hold'])
  })

  test('knows who has more than it can take, and which beginnings of a name are wanted', () => {
    const { table } = open()
    table.heard('a', { want: ['numbers/'], full: true }, 0)
    table.heard('b', { want: ['video/cam1', 'video/cam', 'video/'] }, 0)
    expect([table.isFull('numbers/a'), table.isFull('video/a')]).toEqual([true, false])
    expect(table.beginnings('video/cam10')).toEqual(['video/cam', 'video/cam1'])
    expect(table.beginnings('video/cam1')).toEqual(['video/cam'])
    table.heard('a', { want: ['numbers/'] }, 0)
    expect(table.isFull('numbers/a')).toBe(false)
    table.heard('a', { want: ['numbers/'], full: true }, 0)
    table.heard('a', { want: [], gone: true }, 0)
    table.heard('a', { want: ['numbers/'] }, 0)
    expect(table.isFull('numbers/a')).toBe(false)
  })

  test.each([
    '',
    'x',
    '[]x',
    '3',
    'null',
    '{"want": 3}',
    '{"want": [3]}',
    '{"again": {}}',
    JSON.stringify({ want: Array.from({ length: 5001 }, () => '') }),
  ])('is not what %.40j says', (text) => {
    expect(parseWish(Buffer.from(text))).toBeUndefined()
  })

  test('is without prefixes that are longer than any name', () => {
    const long = 'x'.repeat(513)
    expect(parseWish(formatWish({ want: ['a', long], again: [long] }))).toMatchObject({
      want: ['a'],
      again: [],
    })
  })

  test('is what was said', () => {
    const wish = { want: ['a', ''], again: ['a'], full: true, gone: false }
    expect(parseWish(formatWish(wish))).toEqual(wish)
    expect(parseWish(Buffer.from('{}'))).toEqual({ want: [], again: [], full: false, gone: false })
  })
})
