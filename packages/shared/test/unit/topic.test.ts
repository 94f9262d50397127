import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import {
  checkSubscription,
  formatTopic,
  matchesSubscription,
  MAX_TOPIC_BYTES,
  parseTopic,
} from '../../src/topic.ts'

const LOWER = Array.from('abcdefghijklmnopqrstuvwxyz0123456789')
const STREAM = [...LOWER, ...Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ._-')]
const word = (letters: string[], maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength })
const kinds = fc.constantFrom('numbers' as const, 'video' as const)

describe('topics', () => {
  test('what is formatted parses to itself', () => {
    const renditions = fc.option(word(LOWER, 32), { nil: undefined })
    fc.assert(
      fc.property(kinds, renditions, word(STREAM, 64), (kind, rendition, stream) => {
        const topic = formatTopic(kind, stream, rendition)
        expect(parseTopic(topic)).toEqual({ kind, rendition, stream })
        expect(checkSubscription(topic)).toBe(topic)
      }),
    )
  })

  test('the longest topic is as long as stated', () => {
    const longest = `${'k'.repeat(32)}@${'r'.repeat(32)}/${'s'.repeat(64)}`
    expect(Buffer.byteLength(longest)).toBe(MAX_TOPIC_BYTES)
    expect(parseTopic(longest)).toBeDefined()
    expect(parseTopic(`${longest}s`)).toBeUndefined()
  })

  test.each([
    '',
    '/',
    'video',
    'video/',
    '/main',
    'Video/main',
    'video/a b',
    'video/a/b',
    'video@/main',
    'video@360P/main',
    'video@a@b/main',
    'video/main\n',
    ' video/main',
    'vidéo/main',
    `${'k'.repeat(33)}/s`,
    `k/${'s'.repeat(65)}`,
  ])('%j is no topic', (text) => {
    expect(parseTopic(text)).toBeUndefined()
  })

  test.each(['', 'a b', 'ü', 'a/b', 's'.repeat(65)])('a stream cannot be named %j', (stream) => {
    expect(() => formatTopic('video', stream)).toThrow(expect.objectContaining({ code: 'ERR_TOPIC' }))
  })

  test.each(['', '360P', 'a/b', 'r'.repeat(33)])('a rendition cannot be named %j', (rendition) => {
    expect(() => formatTopic('video', 'main', rendition)).toThrow(
      expect.objectContaining({ code: 'ERR_TOPIC' }),
    )
  })

  test.each(['video/main', 'video/', 'video@360p/', 'video@360p/main', 'chat/room.1'])(
    '%s can be subscribed to',
    (subscription) => expect(checkSubscription(subscription)).toBe(subscription),
  )

  test.each(['', '/', 'video', 'video@', 'Video/', 'video//', 'video/a b', 'video/main/'])(
    '%j cannot be subscribed to',
    (subscription) => {
      expect(() => checkSubscription(subscription)).toThrow(expect.objectContaining({ code: 'ERR_TOPIC' }))
    },
  )

  test('a whole topic matches itself alone, though ZeroMQ lets longer ones through', () => {
    expect(matchesSubscription('video/cam1', 'video/cam1')).toBe(true)
    expect(matchesSubscription('video/cam10', 'video/cam1')).toBe(false)
  })

  test('a whole kind matches its streams, and no rendition', () => {
    expect(matchesSubscription('video/cam10', 'video/')).toBe(true)
    expect(matchesSubscription('video@360p/cam10', 'video/')).toBe(false)
    expect(matchesSubscription('video@360p/cam10', 'video@360p/')).toBe(true)
    expect(matchesSubscription('numbers/cam10', 'video/')).toBe(false)
  })
})
