import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { LiveSounds } from '../../../src/sound/live-sounds.ts'
import { SoundDemand } from '../../../src/sound/sound-demand.ts'
import { soundBlock } from '../../support/sounds.ts'

beforeEach(() => {
  jest.useFakeTimers()
})
afterEach(() => {
  jest.useRealTimers()
})

const LINGER_MS = 1000

function setUp(known: readonly string[] = []) {
  const sounds = new LiveSounds()
  for (const topic of known) sounds.add(topic, soundBlock(0))
  const subscription = {
    isOn: true,
    pause: () => (subscription.isOn = false),
    resume: () => (subscription.isOn = true),
  }
  const demand = new SoundDemand(subscription, sounds, LINGER_MS)
  return { sounds, subscription, demand }
}

describe('a subscription to sound', () => {
  test('is paused until a page listens, and a while after the last one has stopped', () => {
    const { subscription, demand } = setUp(['audio/main'])
    expect(subscription.isOn).toBe(false)
    const leave = [demand.join(), demand.join()]
    expect(subscription.isOn).toBe(true)
    leave[0]?.()
    jest.advanceTimersByTime(10 * LINGER_MS)
    expect(subscription.isOn).toBe(true)
    leave[1]?.()
    expect(subscription.isOn).toBe(true)
    jest.advanceTimersByTime(LINGER_MS)
    expect(subscription.isOn).toBe(false)
  })

  test('goes on for a page that is open until a stream was heard, however often that page asks', () => {
    const { sounds, subscription, demand } = setUp()
    const look = (): void => {
      for (let second = 0; second < 20; second++) {
        demand.look()()
        jest.advanceTimersByTime(LINGER_MS / 2)
      }
    }
    look()
    expect(subscription.isOn).toBe(true)
    sounds.add('audio/main', soundBlock(0))
    look()
    expect(subscription.isOn).toBe(false)
  })

  test('is paused without a page, although no stream was heard', () => {
    const { subscription, demand } = setUp()
    demand.look()()
    jest.advanceTimersByTime(LINGER_MS)
    // It may look again.
    expect(subscription.isOn).toBe(true)
    jest.advanceTimersByTime(3000)
    expect(subscription.isOn).toBe(false)
  })

  test('looks for further streams for some seconds', () => {
    const { subscription, demand } = setUp(['audio/main'])
    demand.search()
    expect(subscription.isOn).toBe(true)
    jest.advanceTimersByTime(3000)
    expect(subscription.isOn).toBe(true)
    jest.advanceTimersByTime(LINGER_MS)
    expect(subscription.isOn).toBe(false)
  })

  test('is left alone once its page is closed', () => {
    const { subscription, demand } = setUp(['audio/main'])
    demand.close()
    demand.join()
    expect(subscription.isOn).toBe(false)
  })
})
