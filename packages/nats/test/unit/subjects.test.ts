import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { isOwnBeginning } from '../../src/subject-subscriptions.ts'
import { isWhole, subjectOf, subjectsOf, topicOf, topicNamedBy } from '../../src/subjects.ts'

describe('subjects', () => {
  test.each([
    ['numbers/random', 'zc.numbers.random'],
    ['video@360p/cam.1', 'zc.video@360p.cam~1'],
    ['!lane/AAAA-_/video/main', 'zc.!lane.AAAA-_.video.main'],
    ['want/x', 'zc.%77ant.x'],
    ['here', 'zc.%68ere'],
    ['a b/é*>', 'zc.a%20b.%E9%2A%3E'],
    ['a//b/', 'zc.a.%.b.%'],
    ['', 'zc.%'],
  ])('that of %j is %s, and comes back', (topic, subject) => {
    expect(subjectOf(topic)).toBe(subject)
    expect(topicOf(subject)).toBe(topic)
  })

  test('every name has one of its own that NATS takes, and comes back', () => {
    const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array).toString('latin1'))
    const names = fc.oneof(bytes, fc.stringMatching(/^[a-z0-9]{1,8}(@[a-z0-9]{1,4})?\/[A-Za-z0-9._-]{1,16}$/))
    fc.assert(
      fc.property(names, (name) => {
        const subject = subjectOf(name)
        expect(subject).toMatch(/^zc(\.[^.\s*>]+)+$/)
        expect(topicOf(subject)).toBe(name)
      }),
    )
  })

  test.each(['zc.want.me', 'zc.here', 'zc.begin.video.1', 'orders.new', 'zc'])(
    '%s is that of no topic',
    (subject) => {
      expect(topicOf(subject)).toBeUndefined()
    },
  )

  test('a kind is a wildcard, and a name its subject, that of its parts, and that of longer names', () => {
    expect(subjectsOf('')).toEqual(['zc.>'])
    expect(subjectsOf('video@360p/')).toEqual(['zc.video@360p.>'])
    expect(subjectsOf('video/cam.1')).toEqual([
      'zc.video.cam~1',
      'zc.video.cam~1.*',
      'zc.begin.video.cam~1.*',
    ])
    expect(['', 'a/', 'a', 'a/b'].map((prefix) => isWhole(prefix))).toEqual([true, true, false, false])
  })

  test('a longer name comes once, because of the longest beginning, unless it is wanted otherwise', () => {
    const own = (prefix: string, ...prefixes: string[]): boolean =>
      isOwnBeginning('video/cam10', prefix, new Set([prefix, ...prefixes]))
    expect(own('video/cam1')).toBe(true)
    expect(own('video/c', 'video/cam1')).toBe(false)
    expect(own('video/cam1', 'video/c')).toBe(true)
    expect(own('video/cam1', 'video/cam10')).toBe(false)
    expect(own('video/cam1', 'video/')).toBe(false)
    expect(own('video/cam1', '')).toBe(false)
    expect(own('video/cam2')).toBe(false)
  })
})

test('a topic named in a header is believed only where the subject names none', () => {
  expect(topicNamedBy('zc.begin.video.ca.1', 1, 'video%2Fcam')).toBe('video/cam')
  expect(topicNamedBy('zc.begin.video.ca.1', 1, undefined)).toBeUndefined()
  expect(topicNamedBy('zc.begin.video.ca.1', 1, '%')).toBeUndefined()
  expect(topicNamedBy('zc.numbers.a', 1, 'video%2Fcam')).toBe('numbers/a')
  expect(topicNamedBy('zc.numbers.a.2', 2, 'video%2Fcam')).toBe('numbers/a')
})
