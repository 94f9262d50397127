import { expect, test } from '@jest/globals'
import { Statistics } from '@zcast/shared'
import { describeWindow } from '../../../src/sinks/describe-window.ts'

const reading = { rate: 29.94, latency: { p50: 12.4, p99: 30, max: 40 } }

test.each([
  ['live', 'Client 1 - 29.9 fps, 12 ms, lost 3'],
  ['connecting', 'Client 1 - waiting, lost 3'],
  ['stale', 'Client 1 - waiting, lost 3'],
  ['idle', 'Client 1 - waiting, lost 3'],
  ['denied', 'Client 1 - refused by the publisher'],
] as const)('the title of a window whose stream is %s', (state, title) => {
  const statistics = new Statistics()
  statistics.topic('video/main').sequence.accept(1, 0, 1)
  statistics.topic('video/main').sequence.accept(1, 4, 1)
  expect(describeWindow('Client 1', state, reading, statistics)).toBe(title)
})

test('names the rendition that has chosen itself', () => {
  const statistics = new Statistics()
  statistics.topic('video/main').rendition = '360p'
  expect(describeWindow('Client 1', 'live', reading, statistics)).toBe(
    'Client 1 - 29.9 fps, 360p, 12 ms, lost 0',
  )
})

test('says so when the network is slower than the stream', () => {
  const statistics = new Statistics()
  const accounts = statistics.topic('video/main')
  accounts.sequence.accept(1, 0, 1)
  accounts.network = { wanted: 29.97, carried: 4.2 }
  expect(describeWindow('Client 1', 'live', reading, statistics)).toBe(
    'Client 1 - 29.9 fps, 12 ms, lost 0, slow: the network carries 4 of 30 a second',
  )
})
