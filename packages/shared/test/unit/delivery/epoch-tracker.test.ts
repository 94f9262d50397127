import { describe, expect, test } from '@jest/globals'
import { EpochTracker } from '../../../src/delivery/epoch-tracker.ts'

describe('EpochTracker', () => {
  test('a new epoch is a restart, not a loss, and has a baseline of its own', () => {
    const tracker = new EpochTracker()
    tracker.accept(1, 500, 3)
    expect(tracker.accept(2, 7, 1)).toEqual([{ start: 7, count: 1 }])
    expect(tracker.totals()).toEqual({ received: 4, lost: 0, withheld: 0, repeated: 0, first: 7, last: 7 })
    expect(tracker.epochs).toBe(2)
    expect(tracker.shared).toBe(false)
  })

  test('an epoch that comes back means two publishers, and both are tracked', () => {
    const tracker = new EpochTracker()
    for (let seq = 0; seq < 10; seq++) {
      tracker.accept(1, seq, 1)
      tracker.accept(2, seq + 100, 1)
    }
    expect(tracker.shared).toBe(true)
    expect(tracker.epochs).toBe(2)
    expect(tracker.totals()).toEqual({
      received: 20,
      lost: 0,
      withheld: 0,
      repeated: 0,
      first: 100,
      last: 109,
    })
  })

  test('losses and repeats of all epochs add up', () => {
    const tracker = new EpochTracker()
    tracker.accept(1, 0, 1)
    tracker.accept(1, 5, 1)
    tracker.accept(1, 5, 1)
    tracker.accept(2, 0, 1)
    tracker.accept(2, 3, 1)
    expect(tracker.totals()).toMatchObject({ received: 4, lost: 6, repeated: 1 })
  })

  test('the 8 most recent epochs are kept: one of them continues, an older one begins anew', () => {
    const tracker = new EpochTracker()
    for (let epoch = 1; epoch <= 9; epoch++) tracker.accept(epoch, 10, 1)
    expect(tracker.shared).toBe(false)
    expect(tracker.accept(2, 10, 1)).toEqual([])
    expect(tracker.shared).toBe(true)
    expect(tracker.accept(1, 10, 1)).toHaveLength(1)
    expect(tracker.totals()).toMatchObject({ received: 10, lost: 0, repeated: 1 })
  })

  test('the least recently seen epoch goes first, and what it counted stays counted', () => {
    const tracker = new EpochTracker()
    tracker.accept(1, 0, 1)
    tracker.accept(1, 9, 1)
    for (let epoch = 2; epoch <= 8; epoch++) tracker.accept(epoch, 0, 1)
    tracker.accept(1, 10, 1)
    tracker.accept(9, 0, 1)
    expect(tracker.accept(1, 10, 1)).toEqual([])
    expect(tracker.accept(2, 0, 1)).toHaveLength(1)
    expect(tracker.totals()).toMatchObject({ received: 12, lost: 8, repeated: 1 })
  })

  test('values below the first that are not sent again begin a run, and lose nothing', () => {
    const tracker = new EpochTracker()
    tracker.accept(0, 5000, 2, false)
    expect(tracker.accept(0, 0, 2, false)).toEqual([{ start: 0, count: 2 }])
    expect(tracker.accept(0, 3, 1, false)).toHaveLength(1)
    expect(tracker.accept(0, 5000, 1, false)).toHaveLength(1)
    expect(tracker.totals()).toEqual({
      received: 6,
      lost: 1 + 4996,
      withheld: 0,
      repeated: 0,
      first: 0,
      last: 5000,
    })
    expect(tracker.accept(0, 4999, 1, true)).toHaveLength(1)
    expect(tracker.totals()).toMatchObject({ received: 7, lost: 1 + 4995 })
  })

  test('a value below the first that is sent again moves the baseline down', () => {
    const tracker = new EpochTracker()
    tracker.accept(0, 10, 1, false)
    expect(tracker.accept(0, 8, 1, true)).toHaveLength(1)
    expect(tracker.totals()).toEqual({ received: 2, lost: 1, withheld: 0, repeated: 0, first: 8, last: 10 })
  })

  test('thousands of restarts are counted exactly', () => {
    const tracker = new EpochTracker()
    for (let epoch = 0; epoch < 5000; epoch++) {
      tracker.accept(epoch, 0, 2)
      tracker.accept(epoch, 3, 1)
    }
    expect(tracker.epochs).toBe(5000)
    expect(tracker.totals()).toEqual({
      received: 15_000,
      lost: 5000,
      withheld: 0,
      repeated: 0,
      first: 0,
      last: 3,
    })
  })
})

describe('after a pause', () => {
  const LONG_MS = 60_000

  test("what was missed is nobody's loss, and a new run begins with sums of its own", () => {
    const tracker = new EpochTracker()
    for (const seq of [0, 1, 3]) tracker.accept(1, seq, 1)
    tracker.rejoin(LONG_MS)
    for (const seq of [500, 501, 503]) tracker.accept(1, seq, 1)
    expect(tracker.totals()).toEqual({
      received: 6,
      lost: 2,
      withheld: 0,
      repeated: 0,
      first: 500,
      last: 503,
    })
    expect(tracker.epochs).toBe(1)
    expect(tracker.shared).toBe(false)
  })

  test('a publisher that stood still goes on where it was, and a later gap is a loss', () => {
    const tracker = new EpochTracker()
    tracker.accept(1, 0, 10)
    tracker.rejoin(LONG_MS)
    tracker.accept(1, 10, 1)
    tracker.accept(1, 15, 1)
    expect(tracker.totals()).toEqual({ received: 12, lost: 4, withheld: 0, repeated: 0, first: 0, last: 15 })
  })

  test('what was on its way when the pause began belongs to the run before', () => {
    const tracker = new EpochTracker()
    tracker.accept(1, 0, 10)
    tracker.rejoin(0)
    tracker.accept(1, 10, 2)
    tracker.accept(1, 90, 2)
    expect(tracker.totals()).toEqual({ received: 14, lost: 0, withheld: 0, repeated: 0, first: 90, last: 91 })
    tracker.accept(1, 95, 1)
    expect(tracker.totals()).toMatchObject({ received: 15, lost: 3 })
  })

  test('a value that came before the pause is a repetition after it', () => {
    const tracker = new EpochTracker()
    tracker.accept(1, 5, 5)
    tracker.rejoin(LONG_MS)
    expect(tracker.accept(1, 9, 1)).toEqual([])
    tracker.accept(1, 50, 1)
    expect(tracker.accept(1, 8, 4)).toEqual([{ start: 10, count: 2 }])
    expect(tracker.totals()).toEqual({ received: 8, lost: 38, withheld: 0, repeated: 3, first: 10, last: 50 })
  })

  test('two publishers of one topic have a gap each, and another publisher begins anew', () => {
    const tracker = new EpochTracker()
    tracker.accept(1, 0, 1)
    tracker.accept(2, 0, 1)
    tracker.rejoin(LONG_MS)
    tracker.accept(1, 100, 1)
    tracker.accept(2, 200, 1)
    tracker.accept(3, 300, 1)
    expect(tracker.totals()).toMatchObject({ received: 5, lost: 0 })
  })

  test('pauses without end keep nothing but the sums', () => {
    const tracker = new EpochTracker()
    for (let run = 0; run < 5000; run++) {
      tracker.accept(1, run * 10, 2)
      tracker.accept(1, run * 10 + 3, 1)
      tracker.rejoin(LONG_MS)
    }
    expect(tracker.totals()).toMatchObject({ received: 15_000, lost: 5000 })
  })
})
