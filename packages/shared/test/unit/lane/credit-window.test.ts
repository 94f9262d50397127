import { describe, expect, test } from '@jest/globals'
import { CreditWindow } from '../../../src/lane/credit-window.ts'

/** Pictures over a link that takes `pictureMs` for each, one after the other, and `wayMs` for the way there and back. */
function play(
  window: CreditWindow,
  {
    pictureMs,
    wayMs,
    forMs,
    fromMs = 0,
  }: { pictureMs: number; wayMs: number; forMs: number; fromMs?: number },
): { sizes: number[]; acknowledged: number } {
  const sizes: number[] = []
  const inFlight: { sentMs: number; backMs: number }[] = []
  let freeMs = fromMs
  let acknowledged = 0
  for (let nowMs = fromMs; nowMs < fromMs + forMs; nowMs++) {
    while (inFlight[0] && inFlight[0].backMs <= nowMs) {
      const { sentMs } = inFlight.shift() as { sentMs: number }
      window.acknowledged(nowMs - sentMs, true, nowMs)
      acknowledged += 1
      sizes.push(window.size)
    }
    while (inFlight.length < window.size) {
      freeMs = Math.max(freeMs, nowMs) + pictureMs
      inFlight.push({ sentMs: nowMs, backMs: freeMs + wayMs })
    }
  }
  return { sizes, acknowledged }
}

function usual(sizes: readonly number[]): number {
  return sizes.toSorted((a, b) => a - b)[sizes.length >> 1] as number
}

describe('CreditWindow', () => {
  test('one picture is on its way where the way is short, however slow the network', () => {
    const { sizes } = play(new CreditWindow(), { pictureMs: 233, wayMs: 1, forMs: 60_000 })
    expect(usual(sizes)).toBe(1)
    expect(Math.max(...sizes)).toBe(2)
    expect(sizes.filter((size) => size > 1).length).toBeLessThan(sizes.length / 6)
  })

  test.each([700, 950])('also where a picture takes %d ms, and few say what one takes', (pictureMs) => {
    const { sizes } = play(new CreditWindow(), { pictureMs, wayMs: 1, forMs: 180_000 })
    expect(Math.max(...sizes)).toBe(2)
    expect(sizes.filter((size) => size > 1).length).toBeLessThan(sizes.length / 4)
  })

  test('none is tried where one takes more than a second, which no way does', () => {
    const { sizes } = play(new CreditWindow(), { pictureMs: 1400, wayMs: 1, forMs: 60_000 })
    expect(Math.max(...sizes)).toBe(1)
  })

  test('more are on their way where that is long, and the network is used', () => {
    const { sizes, acknowledged } = play(new CreditWindow(), { pictureMs: 37, wayMs: 100, forMs: 20_000 })
    expect(usual(sizes)).toBe(4)
    expect(acknowledged).toBeGreaterThan((20_000 / 37) * 0.85)
  })

  test('they are few again at once when the network becomes slow', () => {
    const window = new CreditWindow()
    play(window, { pictureMs: 37, wayMs: 100, forMs: 10_000 })
    const { sizes } = play(window, { pictureMs: 500, wayMs: 100, forMs: 10_000, fromMs: 10_000 })
    expect(sizes.slice(0, 4).at(-1)).toBe(1)
  })

  test('a moment in which nothing comes is over with it', () => {
    const window = new CreditWindow()
    play(window, { pictureMs: 37, wayMs: 100, forMs: 10_000 })
    const before = window.size
    // What was on its way comes late, and what is sent then does not.
    for (let index = 0; index < before; index++) window.acknowledged(450, true, 10_300 + index)
    expect(window.size).toBe(1)
    window.acknowledged(138, true, 10_440)
    expect(window.size).toBe(before)
  })

  test('one slump after the other is no such moment', () => {
    const window = new CreditWindow()
    play(window, { pictureMs: 37, wayMs: 100, forMs: 10_000 })
    for (let nowMs = 10_000; nowMs < 11_500; nowMs += 500) {
      for (let index = 0; index < 4; index++) window.acknowledged(450, true, nowMs + index)
      window.acknowledged(138, true, nowMs + 140)
    }
    expect(window.size).toBeLessThan(3)
  })

  test('as many as there are to be sent need no more', () => {
    const window = new CreditWindow()
    for (let nowMs = 0; nowMs < 10_000; nowMs += 33) window.acknowledged(2, false, nowMs)
    expect(window.size).toBe(1)
  })

  test('no more than come in a round trip, and one', () => {
    const window = new CreditWindow()
    for (let nowMs = 0; nowMs < 10_000; nowMs += 33) window.acknowledged(2, true, nowMs, 33)
    expect(window.size).toBe(2)
  })

  test('never more than eight', () => {
    const window = new CreditWindow()
    for (let nowMs = 0; nowMs < 100_000; nowMs += 10) window.acknowledged(500, true, nowMs)
    expect(window.size).toBe(8)
  })
})
