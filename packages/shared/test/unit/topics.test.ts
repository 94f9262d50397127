import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { Packr } from 'msgpackr'
import { decodeTopicList, encodeTopicList } from '../../src/topics/topic-list-codec.ts'
import type { TopicOffer } from '../../src/topics/topic-offer.ts'

const packr = new Packr({ useRecords: false })

const OFFER: TopicOffer = {
  topic: 'numbers/imu',
  kind: 'numbers',
  epoch: 7,
  sent: 42,
  perSecond: 100,
  messagesPerSecond: 10,
  bytesPerSecond: 2000,
  time: 1785858421.977,
  columns: 2,
  names: ['ax', 'ay'],
  units: ['g', 'g'],
}
const CAMERA: TopicOffer = {
  topic: 'video/cam',
  kind: 'video',
  epoch: 8,
  sent: 0,
  perSecond: 0,
  messagesPerSecond: 0,
  bytesPerSecond: 0,
  width: 640,
  height: 360,
  format: 'jpeg',
  renditions: ['180p'],
}

describe('the list of topics', () => {
  test('comes back as it was written, in one message', () => {
    const messages = encodeTopicList('!topics', { time: 1.5, publisher: 9, topics: [OFFER, CAMERA] })
    expect(messages).toHaveLength(1)
    expect(Buffer.from(messages[0]?.[0] ?? []).toString()).toBe('!topics')
    expect(decodeTopicList(messages[0] ?? [])).toEqual({
      time: 1.5,
      publisher: 9,
      topics: [OFFER, CAMERA],
      more: 0,
    })
  })

  test('of many names needs several messages, and each says how many topics follow', () => {
    const names = Array.from({ length: 400 }, (_, index) => `${index}`.padEnd(60, 'x'))
    const long: TopicOffer = { ...OFFER, columns: 400, names, units: undefined }
    const topics = [1, 2, 3, 4].map((one) => Object.assign({}, long, { topic: `numbers/s${one}` }))
    const lists = encodeTopicList('!topics', { time: 1, publisher: 1, topics }).map(decodeTopicList)
    expect(lists.length).toBeGreaterThan(1)
    expect(lists.flatMap((list) => ('topics' in list ? list.topics : []))).toEqual(topics)
    expect(lists.at(-1)).toMatchObject({ more: 0 })
    const [first] = lists
    const inFirst = first && 'topics' in first ? first.topics.length : 0
    expect(first).toMatchObject({ more: topics.length - inFirst })
  })

  test('leaves out topics and keys that break a rule', () => {
    const topics = [
      { ...OFFER, topic: 'a/b/c' },
      { ...OFFER, epoch: -1 },
      { ...OFFER, names: ['only one'], perSecond: 'many' },
      { ...CAMERA, renditions: ['huge'], width: -3 },
      'nonsense',
      null,
    ]
    const message = [Buffer.from('!topics'), packr.pack({ v: 1, time: 1, publisher: 1, topics })]
    const list = decodeTopicList(message)
    const { width: _1, height: _2, renditions: _3, ...camera } = CAMERA
    const { names: _4, ...numbers } = OFFER
    expect(list).toMatchObject({ topics: [{ ...numbers, perSecond: 0 }, camera] })
    expect(JSON.stringify(list)).not.toMatch(/only one|huge|-3/)
  })

  test.each([
    ['no header', []],
    ['a header that is no map', [packr.pack([1])]],
    ['another version', [packr.pack({ v: 2, time: 1, publisher: 1, topics: [] })]],
    ['no topics', [packr.pack({ v: 1, time: 1, publisher: 1 })]],
    ['a part too many', [packr.pack({ v: 1, time: 1, publisher: 1, topics: [] }), Buffer.alloc(1)]],
  ])('is refused with %s', (_, rest) => {
    expect(decodeTopicList([Buffer.from('!topics'), ...rest])).toMatchObject({ rejected: 'invalid' })
  })

  test('of any bytes is read or refused, and never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(() => decodeTopicList([Buffer.from('!topics'), bytes])).not.toThrow()
      }),
    )
  })
})
