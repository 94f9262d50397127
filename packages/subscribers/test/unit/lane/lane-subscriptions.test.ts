import { expect, test } from '@jest/globals'
import { laneOf, takeOffLane } from '../../../src/lane/lane-subscriptions.ts'

const name = 'abcdefghijklmnopqrstuv'

test('a message of a lane is the same on the topic', () => {
  const message = [`!lane/${name}/video/main`, 'header', 'picture'].map((part) => Buffer.from(part))
  expect(laneOf(message[0] as Buffer)).toBe(name)
  expect(takeOffLane(message).map(String)).toEqual(['video/main', 'header', 'picture'])
})

test.each(['', '!', 'video/main', `!lane/${name}/`, '!lane/short/video/main', `!pane/${name}/video/main`])(
  '%j is on no lane',
  (topic) => expect(laneOf(Buffer.from(topic))).toBeUndefined(),
)
