import { expect, test } from '@jest/globals'
import { CountedPrefixes } from '@zcast/shared/internal'

test('a prefix ends with the last of its subscriptions', () => {
  const prefixes = new CountedPrefixes()
  expect(prefixes.add('video/')).toBe(true)
  expect(prefixes.add('video/')).toBe(false)
  expect(prefixes.add('')).toBe(true)
  expect(prefixes.all).toEqual(['video/', ''])
  expect(prefixes.remove('video/')).toBe(false)
  expect(prefixes.remove('video/')).toBe(true)
  expect(prefixes.remove('video/')).toBe(false)
  expect(prefixes.all).toEqual([''])
})
