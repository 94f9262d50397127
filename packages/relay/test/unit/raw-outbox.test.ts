import { describe, expect, test } from '@jest/globals'
import type { PublishSocket } from '@zcast/shared'
import { RawOutbox } from '../../src/raw-outbox.ts'

const socketThat = (send: () => Promise<boolean>) => ({ send }) as unknown as PublishSocket

describe('RawOutbox', () => {
  test('sends what waits before it is flushed', async () => {
    const slow = () => new Promise<boolean>((resolve) => setTimeout(() => resolve(true), 5))
    const outbox = new RawOutbox(socketThat(slow), false)
    for (let count = 0; count < 3; count++) outbox.send([Buffer.from('weather')])
    await outbox.flush()
    expect(outbox).toMatchObject({ sent: 3, dropped: 0 })
  })

  test('counts what could not be sent', async () => {
    const outbox = new RawOutbox(
      socketThat(() => Promise.reject(new Error('closed'))),
      false,
    )
    outbox.send([Buffer.from('weather')])
    await outbox.flush()
    expect(outbox).toMatchObject({ sent: 0, dropped: 1 })
  })
})
