import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { TopicReader } from '../../../src/codec/topic-reader.ts'
import { MAX_TOPIC_BYTES, parseTopic } from '../../../src/topic.ts'

describe('the topics of messages', () => {
  test('are read with their kinds, in any order and from the middle of a buffer', () => {
    const reader = new TopicReader()
    const buffer = Buffer.from('xxvideo/mainxnumbers@small/a')
    const video = { topic: 'video/main', kind: 'video' }
    const numbers = { topic: 'numbers@small/a', kind: 'numbers' }
    expect(reader.read(buffer.subarray(2, 12))).toEqual(video)
    expect(reader.read(buffer.subarray(13))).toEqual(numbers)
    expect(reader.read(Buffer.from('video/main'))).toEqual(video)
    expect(reader.read(Buffer.from('video/main'))).toEqual(video)
  })

  test('any bytes are read without throwing, and only topics come out', () => {
    const reader = new TopicReader()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const read = reader.read(bytes)
        expect(read).toEqual(
          parseTopic(Buffer.from(bytes).toString('latin1')) && {
            topic: Buffer.from(bytes).toString('latin1'),
            kind: parseTopic(Buffer.from(bytes).toString('latin1'))?.kind,
          },
        )
      }),
    )
  })

  test('one byte more than the longest, or another in a topic known already, is none', () => {
    const reader = new TopicReader()
    const longest = `${'k'.repeat(32)}@${'r'.repeat(32)}/${'s'.repeat(64)}`
    expect(longest).toHaveLength(MAX_TOPIC_BYTES)
    expect(reader.read(Buffer.from(longest))?.topic).toBe(longest)
    expect(reader.read(Buffer.from(`${longest}s`))).toBeUndefined()
    expect(reader.read(Buffer.from(longest.replace('/', '!')))).toBeUndefined()
  })

  test('a buffer that is filled anew after it was read is read anew', () => {
    const reader = new TopicReader()
    const buffer = Buffer.from('numbers/a')
    expect(reader.read(buffer)?.topic).toBe('numbers/a')
    buffer.write('numbers/b')
    expect(reader.read(buffer)?.topic).toBe('numbers/b')
  })

  test('more topics than are remembered are all read', () => {
    const reader = new TopicReader()
    const topics = Array.from({ length: 1000 }, (_, index) => `numbers/${index}`)
    for (const topic of [...topics, ...topics]) expect(reader.read(Buffer.from(topic))?.topic).toBe(topic)
  })
})
