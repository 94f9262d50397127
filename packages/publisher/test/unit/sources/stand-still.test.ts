import { describe, expect, test } from '@jest/globals'
import { Demand } from '@zcast/shared'
import { standStill } from '../../../src/sources/stand-still.ts'
import { heldAfter } from '@zcast/testing/machine/held-resources'

describe('standStill', () => {
  test('ends when somebody watches, and frees nothing before the time', async () => {
    const demand = new Demand()
    let rested = 0
    const held = await heldAfter(async () => {
      const rest = async (): Promise<void> => void rested++
      const waiting = standStill({ demand, signal: new AbortController().signal, lingerMs: 100_000, rest })
      demand.set('360p', true)
      await waiting
    })
    expect([rested, held]).toEqual([0, []])
  })

  test('after the time it frees what is kept ready, and goes on waiting', async () => {
    const demand = new Demand()
    const order: string[] = []
    const rest = async (): Promise<void> => {
      order.push('rest')
      setImmediate(() => demand.set('', true))
    }
    await standStill({ demand, signal: new AbortController().signal, lingerMs: 0, rest })
    expect([...order, ...demand.wanted]).toEqual(['rest', ''])
  })

  test('an abort ends it in either state, without rest', async () => {
    for (const signal of [AbortSignal.abort(), AbortSignal.timeout(5)]) {
      const rest = (): Promise<void> => Promise.reject(new Error('rested'))
      const held = await heldAfter(() =>
        standStill({ demand: new Demand(), signal, lingerMs: 100_000, rest }),
      )
      expect(held).toEqual([])
    }
  })
})
