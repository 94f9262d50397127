import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { inTime } from '../../src/screen/in-time.ts'

afterEach(() => {
  jest.useRealTimers()
})

const options = { name: 'a film', longestMs: 10_000, signal: new AbortController().signal }

describe('items in time', () => {
  test('are passed on until one hangs, whose source is ended', async () => {
    jest.useFakeTimers()
    let isEnded = false
    const items = inTime(async function* open(signal): AsyncGenerator<number> {
      try {
        yield 1
        yield 2
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
      } finally {
        isEnded = true
      }
    }, options)
    expect([(await items.next()).value, (await items.next()).value]).toEqual([1, 2])
    // Whoever takes its time does not count.
    await jest.advanceTimersByTimeAsync(60_000)
    const hanging = items.next()
    const told = expect(hanging).rejects.toThrow('nothing came of "a film" for 10 s')
    await jest.advanceTimersByTimeAsync(10_000)
    await told
    expect(isEnded).toBe(true)
  })

  test('end with their source, and with their reader', async () => {
    let ends = 0
    const open = async function* open(): AsyncGenerator<number> {
      try {
        yield 1
      } finally {
        ends++
      }
    }
    const seen: number[] = []
    for await (const item of inTime(open, options)) seen.push(item)
    for await (const item of inTime(open, options)) {
      seen.push(item)
      break
    }
    expect({ seen, ends }).toEqual({ seen: [1, 1], ends: 2 })
  })
})
