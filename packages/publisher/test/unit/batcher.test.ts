import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import type { NumbersBlock } from '@zcast/shared'
import { Batcher, type BatchOptions } from '../../src/batcher.ts'
import { rows } from '@zcast/testing/streams/list-source'

/** A batcher and what it has sent: the values of each message. */
function create(options: BatchOptions = {}): { batcher: Batcher; sent: number[][] } {
  const sent: number[][] = []
  const batcher = new Batcher(options, async ({ data }) => void sent.push(Array.from(data)))
  return { batcher, sent }
}

async function addAll(batcher: Batcher, ...values: number[]): Promise<void> {
  for (const value of values) await batcher.add(rows(value))
}

describe('Batcher', () => {
  beforeEach(() => void jest.useFakeTimers())
  afterEach(() => void jest.useRealTimers())

  test('waits for no others: those of one turn of the event loop share a message', async () => {
    const { batcher, sent } = create()
    await addAll(batcher, 1, 2, 3)
    expect(sent).toEqual([])
    await jest.advanceTimersByTimeAsync(0)
    await addAll(batcher, 4)
    await jest.advanceTimersByTimeAsync(0)
    expect(sent).toEqual([[1, 2, 3], [4]])
  })

  test('sends before the event loop looks at anything else', async () => {
    jest.useRealTimers()
    const { batcher, sent } = create()
    const immediate = new Promise<number>((resolve) => setImmediate(() => resolve(sent.length)))
    await addAll(batcher, 1, 2)
    // The immediate was there first, and comes second.
    expect(await immediate).toBe(1)
    expect(sent).toEqual([[1, 2]])
  })

  test('sends the first at once and alone, and those that follow within the linger time together', async () => {
    const { batcher, sent } = create({ lingerMs: 1 })
    await addAll(batcher, 1, 2, 3)
    expect(sent).toEqual([[1]])
    await jest.advanceTimersByTimeAsync(1)
    expect(sent).toEqual([[1], [2, 3]])
  })

  test('never delays what comes after a quiet time', async () => {
    const { batcher, sent } = create({ lingerMs: 5 })
    for (const value of [1, 2, 3]) {
      await addAll(batcher, value)
      expect(sent).toHaveLength(value)
      await jest.advanceTimersByTimeAsync(5)
    }
    expect(sent).toEqual([[1], [2], [3]])
  })

  test('waits only for the rest of the linger time', async () => {
    const { batcher, sent } = create({ lingerMs: 10 })
    await addAll(batcher, 1)
    await jest.advanceTimersByTimeAsync(8)
    await addAll(batcher, 2)
    await jest.advanceTimersByTimeAsync(2)
    expect(sent).toEqual([[1], [2]])
  })

  test('sends a message that is full', async () => {
    const { batcher, sent } = create({ lingerMs: 1000, maxBytes: 1024 })
    await addAll(batcher, ...Array.from({ length: 300 }, (_, index) => index))
    expect(sent.map((values) => values.length)).toEqual([1, 128, 128])
    await batcher.flush()
    expect(sent.at(-1)).toHaveLength(43)
    expect(sent.flat()).toEqual(Array.from({ length: 300 }, (_, index) => index))
  })

  test('sends a block that is larger than a message alone, behind what waits', async () => {
    const { batcher, sent } = create({ lingerMs: 1000, maxBytes: 1024 })
    await addAll(batcher, 1, 2)
    await batcher.add(rows(...Array.from({ length: 500 }, () => 7)))
    expect(sent.map((values) => values.length)).toEqual([1, 1, 500])
  })

  test('sends blocks of another length of array in order, each in a message of its own', async () => {
    const { batcher, sent } = create({ lingerMs: 1000 })
    await addAll(batcher, 1, 2)
    await batcher.add({ ...rows(3, 4), rows: 1, columns: 2 })
    await addAll(batcher, 5)
    await batcher.flush()
    expect(sent).toEqual([[1], [2], [3, 4], [5]])
  })

  test('sends one message at a time, in order, while a slow one holds the next up', async () => {
    const sent: number[][] = []
    let release = (): void => undefined
    const batcher = new Batcher({ lingerMs: 1 }, async ({ data }: NumbersBlock) => {
      await new Promise<void>((resolve) => (release = resolve))
      sent.push(Array.from(data))
    })
    const first = batcher.add(rows(1))
    await jest.advanceTimersByTimeAsync(100)
    expect(sent).toEqual([])
    release()
    await first
    void batcher.add(rows(2))
    // The timer sends it, and what is added meanwhile has to wait for the next message.
    await jest.advanceTimersByTimeAsync(1)
    void batcher.add(rows(3))
    const rest = batcher.flush()
    release()
    await jest.advanceTimersByTimeAsync(0)
    release()
    await rest
    expect(sent).toEqual([[1], [2], [3]])
  })

  test('passes on what failed when a timer sent it', async () => {
    let fails = false
    const batcher = new Batcher({ lingerMs: 1 }, async () => {
      if (fails) throw new Error('no socket')
    })
    await addAll(batcher, 1)
    fails = true
    await addAll(batcher, 2)
    await jest.advanceTimersByTimeAsync(1)
    expect(() => batcher.add(rows(3))).toThrow('no socket')
    await expect(batcher.flush()).rejects.toThrow('no socket')
  })

  test('passes on what failed at the end of a turn, and gathers what comes while a message is handed on', async () => {
    let release: (error?: Error) => void = () => undefined
    const sent: number[][] = []
    const batcher = new Batcher({}, async ({ data }: NumbersBlock) => {
      await new Promise<void>((resolve, reject) => (release = (error) => (error ? reject(error) : resolve())))
      sent.push(Array.from(data))
    })
    await addAll(batcher, 1)
    await jest.advanceTimersByTimeAsync(0)
    await addAll(batcher, 2, 3)
    await jest.advanceTimersByTimeAsync(0)
    release()
    await jest.advanceTimersByTimeAsync(0)
    release()
    await jest.advanceTimersByTimeAsync(0)
    expect(sent).toEqual([[1], [2, 3]])
    await addAll(batcher, 4)
    await jest.advanceTimersByTimeAsync(0)
    release(new Error('no socket'))
    await jest.advanceTimersByTimeAsync(0)
    expect(() => batcher.add(rows(5))).toThrow('no socket')
  })

  test.each([
    { lingerMs: -1 },
    { lingerMs: 10_001 },
    { maxBytes: 1023 },
    { maxBytes: 2 ** 21 },
    { maxBytes: 2000.5 },
  ])('refuses %j', (options) => {
    expect(() => create(options)).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
  })
})
