import { expect, test } from '@jest/globals'
import { Statistics } from '@zcast/shared'
import type { LaneSubscriptions } from '../../../src/lane/lane-subscriptions.ts'
import { RenditionTopics } from '../../../src/rendition/rendition-topics.ts'

test('opens no more topics than a subscriber tracks, and always the stream itself', () => {
  const added: string[] = []
  const lanes: Partial<LaneSubscriptions> = {
    add: (topic) => void added.push(topic),
    remove: () => undefined,
  }
  const statistics = new Statistics()
  const topics = new RenditionTopics(statistics, lanes as LaneSubscriptions)
  statistics.topic('video/main')
  for (let height = 100; height < 500; height++) {
    const topic = `video@${height}p/main`
    topics.open(topic, 'video/main', false)
    topics.close(topic)
  }
  expect(added).toHaveLength(255)
  expect(statistics.topics.size).toBe(256)
  topics.open('video@100p/main', 'video/main', false)
  topics.open('video/main', 'video/main', false)
  expect(added.slice(255)).toEqual(['video@100p/main', 'video/main'])
})
