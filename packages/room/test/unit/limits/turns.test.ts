import { describe, expect, test } from '@jest/globals'
import { Turns } from '../../../src/limits/turns.ts'

describe('turns', () => {
  test('as much work as allowed runs at once, in its order, also after work that failed', async () => {
    const turns = new Turns(2)
    const begun: number[] = []
    const ends: (() => void)[] = []
    const work = (number: number): Promise<void> =>
      turns.run(async () => {
        begun.push(number)
        await new Promise<void>((resolve) => ends.push(resolve))
        if (number === 1) throw new Error('failed')
      })
    const failing = work(1)
    const others = [work(2), work(3), work(4)]
    expect(begun).toEqual([1, 2])
    ends[0]?.()
    await expect(failing).rejects.toThrow('failed')
    // One that comes while a place is handed over waits behind those who waited before.
    others.push(work(5))
    expect(begun).toEqual([1, 2, 3])
    for (let ended = 1; ended < 5; ended++) {
      ends[ended]?.()
      await new Promise((resolve) => setImmediate(resolve))
    }
    await Promise.all(others)
    expect(begun).toEqual([1, 2, 3, 4, 5])
  })
})
