import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import type { Envelope } from '@zcast/shared'
import { LastValues } from '../../src/last-values.ts'
import { frame, rows } from '@zcast/testing/streams/list-source'

const none = (): number => 0

beforeEach(() => {
  jest.useFakeTimers()
})

afterEach(() => {
  jest.useRealTimers()
})

function value(seq: number, topic = 'numbers/a'): Envelope {
  return { topic, epoch: 1, block: { ...rows(seq), seq } }
}

function watch(): { last: LastValues; resent: Envelope[] } {
  const resent: Envelope[] = []
  return { last: new LastValues((envelope) => resent.push(envelope)), resent }
}

const begins = (prefix: string) => (topic: string) => topic.startsWith(prefix)

describe('LastValues', () => {
  test('serves who joins a quiet stream at once, with the newest value, marked as retained', async () => {
    const { last, resent } = watch()
    last.remember(value(1))
    last.remember(value(2))
    await jest.advanceTimersByTimeAsync(600)
    last.serve(begins('numbers/'), none)
    await jest.advanceTimersByTimeAsync(0)
    expect(resent).toEqual([{ ...value(2), retained: true }])
  })

  test('a value younger than 500 ms is sent again only once it is as old, and not when a newer one came', async () => {
    const { last, resent } = watch()
    last.remember(value(1))
    await jest.advanceTimersByTimeAsync(100)
    last.serve(begins('numbers/a'), none)
    await jest.advanceTimersByTimeAsync(300)
    expect(resent).toEqual([])
    await jest.advanceTimersByTimeAsync(200)
    expect(resent).toHaveLength(1)

    last.serve(begins('numbers/a'), none)
    last.remember(value(2))
    await jest.advanceTimersByTimeAsync(2000)
    expect(resent).toHaveLength(1)
  })

  test('many who come at once, and one that toggles, make one resend in 100 ms, and the last of them is served', async () => {
    const { last, resent } = watch()
    last.remember(value(1))
    await jest.advanceTimersByTimeAsync(1000)
    for (let join = 0; join < 500; join++) {
      last.serve(begins('numbers/a'), none)
      await jest.advanceTimersByTimeAsync(1)
    }
    expect(resent.length).toBeLessThanOrEqual(6)
    const before = resent.length
    last.serve(begins('numbers/a'), none)
    await jest.advanceTimersByTimeAsync(100)
    expect(resent).toHaveLength(before + 1)
  })

  test('the larger a value is, the less often it is sent again for one that toggles', async () => {
    const { last, resent } = watch()
    const bytes = 3 * 2 ** 20
    last.remember({ topic: 'video/a', epoch: 1, block: { ...frame(bytes), seq: 1 } })
    await jest.advanceTimersByTimeAsync(1000)
    for (let join = 0; join < 600; join++) {
      last.serve(begins('video/'), none)
      await jest.advanceTimersByTimeAsync(100)
    }
    // 8 MiB at once, half a MiB in each of 60 seconds, and one more that was paid for afterwards.
    expect(resent.length * bytes).toBeLessThanOrEqual(38 * 2 ** 20 + bytes)
    await jest.advanceTimersByTimeAsync(60_000)
    const before = resent.length
    last.serve(begins('video/'), none)
    await jest.advanceTimersByTimeAsync(0)
    expect(resent).toHaveLength(before + 1)
  })

  test('waits as long as it is told for a value that may come by itself', async () => {
    const { last, resent } = watch()
    last.remember(value(1))
    await jest.advanceTimersByTimeAsync(1000)
    last.serve(begins('numbers/a'), () => 400)
    await jest.advanceTimersByTimeAsync(300)
    expect(resent).toEqual([])
    await jest.advanceTimersByTimeAsync(200)
    expect(resent).toHaveLength(1)
  })

  test('serves the topics that were asked for, and none that has ended', async () => {
    const { last, resent } = watch()
    for (const topic of ['numbers/a', 'numbers/b', 'video/a']) last.remember(value(1, topic))
    await jest.advanceTimersByTimeAsync(1000)
    last.forget('numbers/b')
    expect(last.get('numbers/b')).toBeUndefined()
    last.serve(begins('numbers/'), none)
    last.serve(begins('video/x'), none)
    await jest.advanceTimersByTimeAsync(0)
    expect(resent.map(({ topic }) => topic)).toEqual(['numbers/a'])
    last.serve(begins('video/'), none)
    last.forget('video/a')
    await jest.advanceTimersByTimeAsync(1000)
    expect(resent).toHaveLength(1)
  })
})
