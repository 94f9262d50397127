import { PassThrough, Readable } from 'node:stream'
import { describe, expect, test } from '@jest/globals'
import type { Log, NumbersBlock } from '@zcast/shared'
import { LineNumbersSource } from '../../../../src/sources/numbers/line-numbers-source.ts'
import { run, take, testSourceContract } from '@zcast/testing/contracts/source-contract'

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

function recordingLog(): { log: Log; logged: unknown[][] } {
  const logged: unknown[][] = []
  const log: Log = {
    error: () => undefined,
    warning: (...event) => void logged.push(event),
    close: () => undefined,
  }
  return { log, logged }
}

describe('LineNumbersSource', () => {
  test('one array a line, in any notation and of any length', async () => {
    const { values, source } = await read('[1, 2]\n3,4,5\r\n6 7\n8')
    expect(values).toEqual([[1, 2], [3, 4, 5], [6, 7], [8]])
    expect(source.badLines).toBe(0)
  })

  test('empty lines and comments are passed over in silence', async () => {
    const { values, source } = await read('# temperatures\n\n1\n   \n  # more\n2\n\0\0\n')
    expect(values).toEqual([[1], [2]])
    expect(source.badLines).toBe(0)
  })

  test('a bad line is counted and logged with its text and what is wrong, as a repeat of the one before it', async () => {
    const { log, logged } = recordingLog()
    const { values, source } = await read('time,value\n1\n1,x\n2\n', log)
    expect(values).toEqual([[1], [2]])
    expect(source.badLines).toBe(2)
    const key = 'of the input is not an array of numbers'
    expect(logged).toEqual([
      [`line 1 ${key} ("time,value"): "time" is not a number`, undefined, key],
      [`line 3 ${key} ("1,x"): "x" is not a number`, undefined, key],
    ])
  })

  test('a bad line is shown short and without control characters', async () => {
    const { log, logged } = recordingLog()
    await read(`1\n\x1b[2J${'x'.repeat(1000)}\n`, log)
    const [sentence] = logged[0] as [string]
    expect(sentence).toContain('("\\x1b[2Jxxx')
    expect(sentence.length).toBeLessThan(220)
  })

  test('input without a single good line fails, with its first line and what is wrong with it', async () => {
    const reading = read('# a comment\ntemp:none yet\n\nhum:40,5\n')
    await expect(reading).rejects.toMatchObject({
      code: 'ERR_SOURCE_FAILED',
      message:
        'no line of the input is an array of numbers: line 2 ("temp:none yet") has none, as "none yet" is not a number',
    })
    expect((await read('# a comment\n\n')).values).toEqual([])
  })

  test('input that was ended while every line was bad fails as well', async () => {
    const input = new PassThrough()
    const controller = new AbortController()
    const log: Log = { error: () => undefined, warning: () => controller.abort(), close: () => undefined }
    const reading = new LineNumbersSource(input, { log }).blocks(run(controller.signal)).next()
    input.write('temp:none yet\n')
    await expect(reading).rejects.toMatchObject({ code: 'ERR_SOURCE_FAILED' })
  })

  test('another number of values than before is said once, and sent', async () => {
    const { log, logged } = recordingLog()
    const { values } = await read('1,2.5,3\n4,5\n6,7,8\n9,10\n11\n', log)
    expect(values.map(({ length }) => length)).toEqual([3, 2, 3, 2, 1])
    expect(logged).toEqual([
      ['line 2 of the input has 2 numbers, and the one before it has 3', undefined, 'columns'],
      ['line 5 of the input has 1 number, and the one before it has 2', undefined, 'columns'],
    ])
  })

  test('numbers that were read in one of two ways are said at the end', async () => {
    const { log, logged } = recordingLog()
    expect((await read('20,5\n20,7\n', log)).values).toEqual([
      [20, 5],
      [20, 7],
    ])
    expect(logged).toEqual([[expect.stringMatching(/^"20,7" is read as numbers between commas/)]])
  })

  test.each(['utf-16le', 'utf-16be'])('text in %s is read, where its mark says so', async (encoding) => {
    const bytes = Buffer.from('\ufeff1,5;2,25\r\n\u22123,75;4\r\n', 'utf16le')
    if (encoding === 'utf-16be') bytes.swap16()
    const chunks = Array.from(bytes, (byte) => Buffer.from([byte]))
    const blocks = await take(new LineNumbersSource(Readable.from(chunks)), Number.POSITIVE_INFINITY)
    expect((blocks as NumbersBlock[]).map(({ data }) => Array.from(data))).toEqual([
      [1.5, 2.25],
      [-3.75, 4],
    ])
  })

  test('rubbish between good lines costs those lines alone', async () => {
    const rubbish = Buffer.from([0xff, 0x00, 0xc3, 0x28, 0x80, 0x0a])
    const input = Readable.from([
      Buffer.from('1,2.5\n'),
      rubbish,
      Buffer.from('3,4.5\n'),
      Buffer.alloc(4096, 7),
    ])
    const source = new LineNumbersSource(input)
    const blocks = (await take(source, Number.POSITIVE_INFINITY)) as NumbersBlock[]
    expect(blocks.map(({ data }) => Array.from(data))).toEqual([
      [1, 2.5],
      [3, 4.5],
    ])
    expect(source.badLines).toBe(2)
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
