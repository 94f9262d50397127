import { describe, expect, test } from '@jest/globals'
import { Demand } from '../../../src/lifecycle/demand.ts'

describe('Demand', () => {
  test('begins with what was wanted from the start, or with nothing', () => {
    expect([...new Demand().wanted]).toEqual([])
    expect([...new Demand(['', '360p']).wanted]).toEqual(['', '360p'])
  })

  test('tells of changes, and only of changes', () => {
    const demand = new Demand()
    const seen: string[] = []
    demand.onChange(() => seen.push([...demand.wanted].join()))
    demand.set('a', false)
    demand.set('a', true)
    demand.set('a', true)
    demand.set('b', true)
    demand.set('a', false)
    expect(seen).toEqual(['a', 'a,b', 'b'])
  })

  test('a listener that ended hears nothing more', () => {
    const demand = new Demand()
    let calls = 0
    const stop = demand.onChange(() => (calls += 1))
    demand.set('a', true)
    stop()
    stop()
    demand.set('a', false)
    expect(calls).toBe(1)
  })

  test('waiting ends at once where something is wanted, and else when it is', async () => {
    const { signal } = new AbortController()
    await new Demand(['']).untilWanted(signal)
    const demand = new Demand()
    let ended = false
    const waiting = demand.untilWanted(signal).then(() => (ended = true))
    await new Promise(setImmediate)
    expect(ended).toBe(false)
    demand.set('', true)
    await waiting
  })

  test('waiting ends when the signal aborts, also when it did before', async () => {
    const demand = new Demand()
    const controller = new AbortController()
    const waiting = demand.untilWanted(controller.signal)
    controller.abort()
    await waiting
    await demand.untilWanted(controller.signal)
  })
})
