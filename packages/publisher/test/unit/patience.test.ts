import { describe, expect, test } from '@jest/globals'
import { Patience } from '../../src/patience.ts'

const patience = (): Patience => new Patience({ allowanceMs: 10_000, messagesASecond: 100 })

describe('Patience', () => {
  test('is used up by waits, and told of once until half of it was earned back', () => {
    const tried = patience()
    expect(tried.spend(9999)).toBe(false)
    expect(tried.leftMs).toBe(1)
    expect(tried.spend(2)).toBe(true)
    expect(tried.leftMs).toBe(0)
    tried.earn(1)
    expect(tried.spend(1000)).toBe(false)
    for (let sent = 0; sent < 500; sent++) tried.earn(1)
    expect(tried.leftMs).toBe(5000)
    expect(tried.spend(5000)).toBe(true)
  })

  test('earns a second with so many messages or 128 KiB, and never more than there was', () => {
    const tried = patience()
    tried.earn(1)
    expect(tried.leftMs).toBe(10_000)
    tried.spend(10_000)
    tried.earn(64 * 1024)
    expect(tried.leftMs).toBe(500)
    tried.earn(0)
    expect(tried.leftMs).toBe(510)
    tried.earn(2 ** 24)
    expect(tried.leftMs).toBe(10_000)
  })
})
