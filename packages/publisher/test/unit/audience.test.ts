import { getEventListeners } from 'node:events'
import { describe, expect, test } from '@jest/globals'
import { MemoryTransport } from '@zcast/shared'
import { Audience } from '../../src/audience.ts'

const ENDPOINT = 'inproc://audience'

describe('Audience', () => {
  test('waiting for subscribers holds on to nothing for those who come and go meanwhile', async () => {
    const transport = new MemoryTransport()
    const socket = await transport.openPublish({ bind: [ENDPOINT] })
    const nothing = (): void => undefined
    const audience = new Audience(socket, nothing, nothing)
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
})
