import { describe, expect, test } from '@jest/globals'
import { EpochTracker } from '../../../src/delivery/epoch-tracker.ts'

describe('EpochTracker', () => {
  test('a new epoch is a restart, not a loss, and has a baseline of its own', () => {
    const tracker = new EpochTracker()
    tracker.accept(1, 500, 3)
    expect(tracker.accept(2, 7, 1)).toEqual([{ start: 7, count: 1 }])
    expect(tracker.totals()).toEqual({ received: 4, lost: 0, repeated: 0, first: 7, last: 7 })
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
    expect(tracker.totals()).toEqual({ received: 20, lost: 0, repeated: 0, first: 100, last: 109 })
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

  test('thousands of restarts are counted exactly', () => {
    const tracker = new EpochTracker()
    for (let epoch = 0; epoch < 5000; epoch++) {
      tracker.accept(epoch, 0, 2)
      tracker.accept(epoch, 3, 1)
    }
    expect(tracker.epochs).toBe(5000)
    expect(tracker.totals()).toEqual({ received: 15_000, lost: 5000, repeated: 0, first: 0, last: 3 })
  })
})
