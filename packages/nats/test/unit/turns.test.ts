import { describe, expect, test } from '@jest/globals'
import { Turns } from '../../src/turns.ts'

describe('turns', () => {
  const work = () => {
    const ends = new Map<string, () => void>()
    const turns = new Turns()
    const begun: string[] = []
    const begin = (kind: string, name: string): Promise<void> =>
      turns.take(kind, () => {
        begun.push(name)
        return new Promise((end) => ends.set(name, end))
      })
    const settle = () => new Promise((resolve) => setImmediate(resolve))
    return { begin, begun, settle, end: async (name: string) => (ends.get(name)?.(), settle()) }
  }

  test('are shared by one kind, and end before those of another begin', async () => {
    const { begin, begun, settle, end } = work()
    for (const name of ['a1', 'a2', 'b1', 'a3', 'b2']) void begin(name.slice(0, 1), name)
    await settle()
    expect(begun).toEqual(['a1', 'a2'])
    await end('a1')
    expect(begun).toEqual(['a1', 'a2'])
    await end('a2')
    expect(begun).toEqual(['a1', 'a2', 'b1'])
    await end('b1')
    expect(begun).toEqual(['a1', 'a2', 'b1', 'a3'])
    await end('a3')
    await end('b2')
    void begin('a', 'a4')
    await settle()
    expect(begun).toEqual(['a1', 'a2', 'b1', 'a3', 'b2', 'a4'])
  })

  test('go on when what was done failed', async () => {
    const turns = new Turns()
    const failing = turns.take('a', () => Promise.reject(new Error('refused')))
    const next = turns.take('b', async () => 'done')
    await expect(failing).rejects.toThrow('refused')
    expect(await next).toBe('done')
  })
})
