import { describe, expect, test } from '@jest/globals'
import { parseByteSize } from '../../src/byte-size.ts'

describe('parseByteSize', () => {
  test.each([
    ['1', 1],
    ['500M', 500 * 1024 * 1024],
    ['2G', 2 * 1024 ** 3],
    ['1.5k', 1536],
    ['3MiB', 3 * 1024 * 1024],
  ])('reads %s', (text, bytes) => {
    expect(parseByteSize(text, 'cache')).toBe(bytes)
  })

  test.each(['', '0', '-1', '1X', 'G', '1e3', '99999999T', '0.1'])('refuses "%s"', (text) => {
    expect(() => parseByteSize(text, 'cache')).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
  })
})
