import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import type { SubscribeSocket } from '@zcast/shared'
import { frameEnvelope } from '@zcast/testing/streams/envelopes'
import { laneOf, LaneSubscriptions, takeOffLane } from '../../../src/lane/lane-subscriptions.ts'

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

describe('LaneSubscriptions', () => {
  let said: string[]
  let subscriptions: LaneSubscriptions

  beforeEach(() => {
    jest.useFakeTimers()
    said = []
  })

  afterEach(() => {
    subscriptions.close()
    jest.useRealTimers()
  })

  function open(...prefixes: string[]): void {
    const socket: Partial<SubscribeSocket> = {
      subscribe: (prefix) => said.push(`+${prefix}`),
      unsubscribe: (prefix) => said.push(`-${prefix}`),
      tell: (told) => said.push(Buffer.from(told).toString()),
      onFurtherPeer: () => undefined,
    }
    subscriptions = new LaneSubscriptions(prefixes, true, {
      socket: socket as SubscribeSocket,
      startsOnLanes: true,
      onNetwork: () => undefined,
    })
    subscriptions.connected(true)
  }

  /** Answers the newest request for lanes of a subscription. @returns Their name. */
  function answer(subscription: string): string {
    const asked = said.findLast((text) => text.startsWith('!lanes ') && text.endsWith(` ${subscription}`))
    const lane = asked?.split(' ')[1] as string
    subscriptions.answered({ ...frameEnvelope(0), answer: true, lanes: true }, lane)
    return lane
  }

  test('a topic that a whole kind covers has one lane', () => {
    open('video/main', 'video/')
    expect(said.filter((text) => text.startsWith('!lanes '))).toEqual([
      expect.stringMatching(/^!lanes [\w-]{22} video\/$/),
    ])
  })

  test('a picture on a lane is acknowledged on that lane, whatever else has its topic', () => {
    open('video/')
    answer('video/')
    subscriptions.add('video/main', true)
    const lane = answer('video/main')
    const key = said.at(-1)?.split(' ')[2]
    subscriptions.arrived(frameEnvelope(4), lane, false)
    expect(said.at(-1)).toBe(`!ack ${key} 4`)
  })
})
