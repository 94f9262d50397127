import { describe, expect, test } from '@jest/globals'
import { Statistics } from '@zcast/shared'
import { StatusReader } from '../../../../src/sinks/terminal/status-reader.ts'
import type { SubscriberState } from '../../../../src/subscriber-state.ts'

const FRAME = {
  kind: 'video',
  seq: 0,
  time: 0,
  width: 640,
  height: 360,
  format: 'jpeg',
  data: new Uint8Array(),
} as const

function text(reader: StatusReader, frame?: typeof FRAME): string {
  return reader
    .parts(frame)
    .map((part) => part.text)
    .join(' | ')
}

describe('the status line', () => {
  test('tells that there is nothing yet', () => {
    const reader = new StatusReader('Client 1', { statistics: new Statistics(), state: () => 'connecting' })
    expect(text(reader)).toBe('Client 1 | ○ waiting | - fps | latency - | lost 0 | skipped 0 | q quits')
  })

  test('tells size, latency and what was skipped, of the last second', () => {
    const statistics = new Statistics()
    const reader = new StatusReader('Client 2', { statistics, state: () => 'live' })
    const topic = statistics.topic('video/main')
    for (let seq = 0; seq < 10; seq++) {
      statistics.recordDelivery(topic, 1, 8, seq)
      reader.recordTaken()
    }
    topic.skipped = 3
    reader.endSecond()
    expect(text(reader, FRAME)).toContain('● live')
    expect(text(reader, FRAME)).toMatch(
      /p50 (7\.9|8\.0|8\.1) p99 (7\.9|8\.0|8\.1) ms \| lost 0 \| skipped 3 \| 640x360/,
    )
    reader.endSecond()
    expect(text(reader, FRAME)).toContain('0.0 fps | latency -')
  })

  test('counts as skipped what was delivered to the viewer but not to this sink', () => {
    const statistics = new Statistics()
    const topic = statistics.topic('video/main')
    statistics.recordDelivery(topic, 5, 1, 0)
    const reader = new StatusReader('Client 1', { statistics, state: () => 'live' })
    statistics.recordDelivery(topic, 4, 1, 1)
    reader.recordTaken()
    expect(text(reader)).toContain('skipped 3')
  })

  test('counts what was refused only where something was', () => {
    const statistics = new Statistics()
    const reader = new StatusReader('Client 1', { statistics, state: () => 'live' })
    statistics.invalid = 2
    reader.recordUndecodable()
    expect(text(reader)).toContain('refused 3')
  })

  test('says that clocks differ instead of a latency that means nothing', () => {
    const statistics = new Statistics()
    const reader = new StatusReader('Client 1', { statistics, state: () => 'live' })
    statistics.recordDelivery(statistics.topic('video/main'), 1, -5000, 0)
    reader.endSecond()
    expect(text(reader)).toContain('clocks differ')
  })

  test.each<[SubscriberState, string]>([
    ['stale', 'waiting (silent)'],
    ['denied', 'refused by the publisher'],
    ['closed', 'ended'],
  ])('%s is "%s"', (state, words) => {
    expect(
      text(new StatusReader('Client 1', { statistics: new Statistics(), state: () => state })),
    ).toContain(words)
  })
})
