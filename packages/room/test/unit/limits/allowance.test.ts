import { describe, expect, test } from '@jest/globals'
import { Allowance } from '../../../src/limits/allowance.ts'

describe('an allowance', () => {
  test('gives some at once and a few a second, and takes nothing where it refuses', () => {
    let nowMs = 0
    const allowance = new Allowance(4, 10, () => nowMs)
    const taken = (atMs: number): number => {
      nowMs = atMs
      return Array.from({ length: 200 }, () => allowance.tryTake()).filter(Boolean).length
    }
    expect([taken(0), taken(100), taken(500), taken(10_000_000)]).toEqual([10, 0, 2, 10])
  })

  test('says by how much something came too early, however much too early that was', () => {
    let nowMs = 0
    const allowance = new Allowance(10, 5, () => nowMs)
    expect([allowance.take(5), allowance.take(1), allowance.take(1000)]).toEqual([0, 100, 500])
    nowMs = 2000
    expect(allowance.take(1)).toBe(0)
  })
})
