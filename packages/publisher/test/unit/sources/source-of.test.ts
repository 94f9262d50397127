import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { describe, expect, test } from '@jest/globals'
import { type Block, Demand } from '@zcast/shared'
import { jpegShell } from '@zcast/testing/streams/envelopes'
import { sourceOf } from '../../../src/sources/source-of.ts'
import type { Source } from '../../../src/sources/source.ts'

async function read(source: Source, signal = new AbortController().signal): Promise<Block[]> {
  const blocks: Block[] = []
  for await (const block of source.blocks({ signal, demand: new Demand() })) blocks.push(block)
  return blocks
}

describe('sourceOf', () => {
  test('sends the arrays of a generator, one or many at once', async () => {
    async function* readings() {
      yield [1, 2]
      yield Float64Array.of(3, 4)
      yield [
        [5, 6],
        [7, 8],
      ]
    }
    const labels = { names: ['x', 'y'], units: ['m', 'm'] }
    const blocks = await read(sourceOf(readings(), 'numbers', labels))
    expect(blocks.flatMap(({ data }) => [...data])).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(blocks.map((block) => block.kind === 'numbers' && block.rows)).toEqual([1, 1, 2])
    expect(blocks[0]).toMatchObject({ kind: 'numbers', columns: 2, time: expect.any(Number), ...labels })
  })

  test('sends pictures, whose size is read from them', async () => {
    const blocks = await read(sourceOf([jpegShell(64, 48)], 'video'))
    expect(blocks).toMatchObject([{ kind: 'video', width: 64, height: 48 }])
  })

  test('sends what a stream of Node gives', async () => {
    const stream = new PassThrough({ objectMode: true })
    for (const value of [[1], [2]]) stream.write(value)
    stream.end()
    expect(await read(sourceOf(stream, 'numbers'))).toHaveLength(2)
  })

  test.each<[string, 'numbers' | 'video', unknown, string]>([
    ['a text', 'numbers', '1,2', 'ERR_VALUE'],
    ['an array of another length than the names', 'numbers', [1], 'ERR_VALUE'],
    ['bytes that are no picture', 'video', Buffer.from('no'), 'ERR_FRAME'],
  ])('ends with an error at %s, and ends the iteration', async (_, kind, item, code) => {
    let isEnded = false
    async function* items() {
      try {
        yield item as never
      } finally {
        isEnded = true
      }
    }
    const labels = kind === 'numbers' ? { names: ['x', 'y'] } : {}
    await expect(read(sourceOf(items(), kind, labels))).rejects.toMatchObject({ code })
    expect(isEnded).toBe(true)
  })

  test('fails as the iteration fails', async () => {
    async function* broken() {
      yield [1]
      throw new Error('the sensor is gone')
    }
    await expect(read(sourceOf(broken(), 'numbers'))).rejects.toThrow('the sensor is gone')
  })

  test('ends with the signal while the iteration has nothing to give', async () => {
    const ending = new AbortController()
    const waiting = new EventTarget()
    async function* silent() {
      yield [1]
      waiting.dispatchEvent(new Event('waiting'))
      await new Promise(() => undefined)
    }
    const isWaiting = once(waiting, 'waiting')
    const reading = read(sourceOf(silent(), 'numbers'), ending.signal)
    await isWaiting
    ending.abort()
    expect(await reading).toHaveLength(1)
  })

  test.each<[string, unknown, unknown]>([
    ['nothing to iterate over', 5, 'numbers'],
    ['a text', 'numbers', 'numbers'],
    ['another kind', [], 'smell'],
  ])('refuses %s', (_, items, kind) => {
    const make = (): unknown => sourceOf(items as never, kind as 'numbers')
    expect(make).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
  })
})

test('a source of sound sends each item in pieces of 20 ms', async () => {
  const source = sourceOf([new Int16Array(30).fill(3)], 'audio', { rate: 1000 })
  expect(source.expectedBytes).toBe(40)
  const blocks: Block[] = []
  for await (const block of source.blocks({ signal: new AbortController().signal, demand: new Demand([]) }))
    blocks.push(block)
  expect(blocks).toMatchObject([
    { kind: 'audio', rate: 1000, channels: 1, samples: 20, format: 's16' },
    { kind: 'audio', samples: 10 },
  ])
})
