import { getEventListeners } from 'node:events'
import { describe, expect, jest, test } from '@jest/globals'
import { MemoryTransport, type SubscribeSocket } from '@zcast/shared'
import { HOLD_PREFIX } from '@zcast/shared/internal'
import { Audience } from '../../src/audience.ts'

const ENDPOINT = 'inproc://audience'

describe('Audience', () => {
  test('waiting for subscribers holds on to nothing for those who come and go meanwhile', async () => {
    const transport = new MemoryTransport()
    const socket = await transport.openPublish({ bind: [ENDPOINT] })
    const nothing = (): void => undefined
    const audience = new Audience(socket, {
      onJoin: nothing,
      onChange: nothing,
      others: () => 0,
      onHoldForgotten: nothing,
    })
    const { signal } = new AbortController()
    const waiting = audience.untilThere(['numbers/a'], 2, signal)
    const join = async (): Promise<{ close(): Promise<void> }> => {
      const subscriber = await transport.openSubscribe({ connect: [ENDPOINT] })
      subscriber.subscribe('numbers/a')
      return subscriber
    }
    for (let count = 0; count < 20; count++) {
      await (await join()).close()
      await new Promise(setImmediate)
    }
    expect(getEventListeners(signal, 'abort').length).toBeLessThanOrEqual(1)
    const staying = [await join(), await join()]
    await waiting
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    for (const subscriber of staying) await subscriber.close()
    await socket.close()
  })

  describe('that is asked to wait', () => {
    async function hold(): Promise<{
      audience: Audience
      subscriber: SubscribeSocket
      forgotten: () => number
    }> {
      const transport = new MemoryTransport()
      const socket = await transport.openPublish({ bind: [ENDPOINT] })
      let forgotten = 0
      const nothing = (): void => undefined
      const onHoldForgotten = (): void => void (forgotten += 1)
      const audience = new Audience(socket, {
        onJoin: nothing,
        onChange: nothing,
        others: () => 0,
        onHoldForgotten,
      })
      const subscriber = await transport.openSubscribe({ connect: [ENDPOINT] })
      subscriber.subscribe(HOLD_PREFIX)
      return { audience, subscriber, forgotten: () => forgotten }
    }

    test('waits while it is asked again, and says so when it is not', async () => {
      jest.useFakeTimers()
      const { audience, subscriber, forgotten } = await hold()
      for (let second = 0; second < 20; second++) {
        jest.advanceTimersByTime(1000)
        subscriber.unsubscribe(HOLD_PREFIX)
        subscriber.subscribe(HOLD_PREFIX)
      }
      expect([audience.isHeld, forgotten()]).toEqual([true, 0])
      jest.advanceTimersByTime(6000)
      expect([audience.isHeld, forgotten()]).toEqual([false, 1])
      subscriber.unsubscribe(HOLD_PREFIX)
      subscriber.subscribe(HOLD_PREFIX)
      expect(audience.isHeld).toBe(true)
      audience.close()
      jest.advanceTimersByTime(6000)
      expect(forgotten()).toBe(1)
      jest.useRealTimers()
    })

    test('waits no longer than it may, and not for an end that is there', async () => {
      const { audience, subscriber } = await hold()
      const { signal } = new AbortController()
      await audience.untilReleased(signal, 1)
      expect(audience.isHeld).toBe(true)
      const waiting = audience.untilReleased(signal, 600_000)
      subscriber.unsubscribe(HOLD_PREFIX)
      await waiting
      expect(audience.isHeld).toBe(false)
    })
  })
})
