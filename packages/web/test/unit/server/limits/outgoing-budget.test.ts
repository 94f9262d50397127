import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { OutgoingBudget } from '../../../../src/server/limits/outgoing-budget.ts'

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

class Reader {
  isCut = false
  bytes: number

  constructor(bytes: number) {
    this.bytes = bytes
  }

  heldBytes(): number {
    return this.bytes
  }

  cut(): void {
    this.isCut = true
  }
}

test('cuts off those that have taken nothing for longest, until the rest is within the limit', async () => {
  const warnings: string[] = []
  const log = { error: () => {}, warning: (message: string) => void warnings.push(message), close: () => {} }
  const budget = new OutgoingBudget(() => log, 100)
  const readers = [new Reader(40), new Reader(0), new Reader(40), new Reader(0)]
  for (const reader of readers) budget.add(reader)
  const [old, fast, older, fresh] = readers as [Reader, Reader, Reader, Reader]
  await jest.advanceTimersByTimeAsync(300)
  fresh.bytes = 40
  fast.bytes = 10
  expect(warnings).toEqual([])
  await jest.advanceTimersByTimeAsync(300)
  expect([old.isCut, fast.isCut, older.isCut, fresh.isCut]).toEqual([true, false, false, false])
  expect(warnings).toEqual([expect.stringMatching(/stuck for longest are cut off/)])
})

test('does nothing while it has nobody to watch', () => {
  const budget = new OutgoingBudget(() => undefined, 100)
  const release = budget.add(new Reader(0))
  expect(jest.getTimerCount()).toBe(1)
  release()
  expect(jest.getTimerCount()).toBe(0)
})
