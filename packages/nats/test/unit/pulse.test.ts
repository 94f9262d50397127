import { afterEach, describe, expect, test } from '@jest/globals'
import { until } from '@zcast/testing/waiting/until'
import type { NatsConnection } from '../../src/nats-library.ts'
import { Pulse } from '../../src/pulse.ts'

describe('the pulse of a connection', () => {
  let pulse: Pulse | undefined
  afterEach(() => pulse?.close())

  /** Messages come with each look, and pings are answered or not. */
  const start = (comes: () => number, flush: () => Promise<void>): Pulse => {
    let inMsgs = 0
    const stats = () => ({ inMsgs: (inMsgs += comes()) })
    const connection = { stats, flush } as unknown as NatsConnection
    pulse = new Pulse(connection, 40, { onDelay: () => {}, onSilence: () => {} })
    return pulse
  }

  test('says for how long a ping has waited behind messages', async () => {
    const behind = start(
      () => 1,
      () => new Promise(() => {}),
    )
    await until(() => behind.behindMs > 30)
  })

  test('is behind nothing while pings are answered, or while nothing comes at all', async () => {
    let pings = 0
    const answered = start(
      () => 1,
      async () => void (pings += 1),
    )
    await until(() => pings > 3)
    expect(answered.behindMs).toBe(0)
    answered.close()
    let asked = false
    const silent = start(
      () => 0,
      () => {
        asked = true
        return new Promise(() => {})
      },
    )
    await until(() => asked)
    expect(silent.behindMs).toBe(0)
  })
})
