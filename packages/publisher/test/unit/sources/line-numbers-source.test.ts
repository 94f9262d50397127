import { PassThrough, Readable } from 'node:stream'
import { describe, expect, test } from '@jest/globals'
import type { Log, NumbersBlock } from '@zcast/shared'
import { LineNumbersSource } from '../../../src/sources/line-numbers-source.ts'
import { run, take, testSourceContract } from '../../support/source-contract.ts'

testSourceContract('LineNumbersSource', {
  kind: 'numbers',
  create: () => {
    const input = new PassThrough()
    input.write(Array.from({ length: 10 }, (_, line) => `${line}\n`).join(''))
    return new LineNumbersSource(input)
  },
})

async function read(text: string, log?: Log): Promise<{ values: number[][]; source: LineNumbersSource }> {
  const source = new LineNumbersSource(Readable.from([Buffer.from(text)]), log ? { log } : {})
  const blocks = (await take(source, Number.POSITIVE_INFINITY)) as NumbersBlock[]
  return { values: blocks.map(({ data }) => Array.from(data)), source }
}

describe('LineNumbersSource', () => {
  test('one array a line, in any notation and of any length', async () => {
    const { values, source } = await read('[1, 2]\n3,4,5\r\n6 7\n8')
    expect(values).toEqual([[1, 2], [3, 4, 5], [6, 7], [8]])
    expect(source.badLines).toBe(0)
  })

  test('empty lines and comments are passed over in silence', async () => {
    const { values, source } = await read('# temperatures\n\n1\n   \n  # more\n2\n')
    expect(values).toEqual([[1], [2]])
    expect(source.badLines).toBe(0)
  })

  test('a bad line is counted and logged by its number, as a repeat of the one before it', async () => {
    const logged: unknown[][] = []
    const log: Log = {
      error: () => undefined,
      warning: (...event) => void logged.push(event),
      close: () => undefined,
    }
    const { values, source } = await read('time,value\n1\n1,x\n2\n', log)
    expect(values).toEqual([[1], [2]])
    expect(source.badLines).toBe(2)
    const key = 'of the input is not an array of numbers'
    expect(logged).toEqual([
      [`line 1 ${key}`, undefined, key],
      [`line 3 ${key}`, undefined, key],
    ])
  })

  test('nothing is sent after the end, though it was read already', async () => {
    const input = Readable.from([Buffer.from('1\n2\n3\n')])
    const controller = new AbortController()
    const values: number[] = []
    for await (const block of new LineNumbersSource(input).blocks(run(controller.signal))) {
      values.push(...block.data)
      controller.abort()
    }
    expect(values).toEqual([1])
    expect(input.destroyed).toBe(true)
  })

  test('leaving the loop closes the input', async () => {
    const input = new PassThrough()
    input.write('1\n')
    await take(new LineNumbersSource(input), 1)
    expect(input.destroyed).toBe(true)
  })

  test('input that cannot be read is an ERR_SOURCE_FAILED with its cause', async () => {
    const cause = Object.assign(new Error('gone'), { code: 'EIO' })
    const input = new Readable({ read: () => void input.destroy(cause) })
    const reading = take(new LineNumbersSource(input), 1)
    await expect(reading).rejects.toMatchObject({ code: 'ERR_SOURCE_FAILED', cause })
  })

  test('input is read only as fast as its lines are taken', async () => {
    let chunks = 0
    const input = new Readable({
      highWaterMark: 4,
      read: () => void (input.push(`${chunks}\n`), (chunks += 1)),
    })
    const blocks = new LineNumbersSource(input).blocks(run())
    await blocks.next()
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate)
    // One taken, one split off ahead, and what the stream itself holds.
    expect(chunks).toBeLessThan(10)
    await blocks.return(undefined)
  })
})
