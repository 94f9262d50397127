import { describe, expect, test } from '@jest/globals'
import { pastFilters } from '../../src/past-filters.ts'

describe('what a server is to give of a stream', () => {
  test.each(['2.9.10', '2.11.0'])('is everything where all of it is wanted (%s)', (version) => {
    expect(pastFilters(['numbers/a'], ['zc.numbers.a', 'zc.numbers.a.*'], version)).toBeUndefined()
    expect(pastFilters(['numbers/'], ['zc.numbers.a', 'zc.numbers.a.*'], version)).toBeUndefined()
  })

  test.each(['2.10.0', '2.12.1-RC.1', '3.0.0'])(
    'is topics and parts of them, where it can (%s)',
    (version) => {
      expect(pastFilters(['numbers/a', 'audio/b.1'], ['zc.>'], version)).toEqual([
        'zc.numbers.a',
        'zc.numbers.a.*',
        'zc.audio.b~1',
        'zc.audio.b~1.*',
      ])
    },
  )

  test('overlaps nowhere', () => {
    const prefixes = ['numbers/', 'numbers/a', 'audio/b', 'audio/b/2', 'audio/bc']
    expect(pastFilters(prefixes, ['zc.>'], '2.10.0')).toEqual([
      'zc.numbers.>',
      'zc.audio.b',
      'zc.audio.b.*',
      'zc.audio.b.2.*',
      'zc.audio.bc',
      'zc.audio.bc.*',
    ])
  })

  test.each(['2.9.10', undefined])('is a kind, or everything, of an older one (%s)', (version) => {
    expect(pastFilters(['numbers/a', 'numbers/b'], ['zc.>'], version)).toBe('zc.numbers.>')
    expect(pastFilters(['numbers/a', 'audio/b'], ['zc.>'], version)).toBeUndefined()
  })
})
