import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, test } from '@jest/globals'
import { LineNumbersSource } from '@zcast/publisher'
import { Demand, type NumbersBlock } from '@zcast/shared'
import { CsvSink, findSelection } from '@zcast/subscribers'
import * as fc from 'fast-check'

/** What a client writes as CSV. */
async function write(blocks: readonly NumbersBlock[]): Promise<string> {
  const output = new PassThrough()
  const all = text(output)
  const sink = new CsvSink({ output, selection: findSelection('all') })
  await sink.open()
  for (const block of blocks) await sink.write({ topic: 'numbers/a', epoch: 1, block })
  await sink.close()
  output.end()
  return all
}

/** What a publisher reads from it. */
async function read(csv: string): Promise<NumbersBlock[]> {
  const blocks: NumbersBlock[] = []
  const source = new LineNumbersSource(Readable.from([Buffer.from(csv)]))
  const { signal } = new AbortController()
  for await (const block of source.blocks({ signal, demand: new Demand() })) blocks.push(block)
  expect(source.badLines).toBe(0)
  return blocks
}

const value = fc.oneof(
  { arbitrary: fc.double(), weight: 4 },
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 1e300, 5e-324),
)

/** Names as people give them; control characters do not survive, and blanks at the ends of one are none of it. */
const label = fc
  .string({
    unit: fc.constantFrom(
      'a',
      'b',
      'T',
      '°',
      ' ',
      ',',
      ';',
      '"',
      '[',
      ']',
      '(',
      ')',
      '1',
      '.',
      '-',
      '#',
      'µ',
    ),
    maxLength: 10,
  })
  .map((name) => name.trim())

const stream = fc.integer({ min: 1, max: 5 }).chain((columns) =>
  fc.record({
    names: fc.option(fc.array(label, { minLength: columns, maxLength: columns }), { nil: undefined }),
    rows: fc.array(fc.array(value, { minLength: columns, maxLength: columns }), {
      minLength: 1,
      maxLength: 5,
    }),
  }),
)

test('what a client writes as CSV, a publisher reads as the same names, numbers and times', async () => {
  await fc.assert(
    fc.asyncProperty(stream, async ({ names, rows }) => {
      const columns = rows[0]?.length ?? 0
      const blocks = rows.map((row, index): NumbersBlock => {
        const time = 1_785_858_421.5 + index
        return { kind: 'numbers', time, rows: 1, columns, data: Float64Array.from(row), names }
      })
      const back = await read(await write(blocks))
      expect(back.map(({ data }) => Array.from(data))).toEqual(rows)
      expect(back.map(({ time }) => time)).toEqual(blocks.map(({ time }) => time))
      const isNumbered = names?.every((name, position) => name === String(position))
      expect(back[0]?.names).toEqual(isNumbered === true ? undefined : names)
    }),
  )
})

test('units are kept, and other names begin another heading', async () => {
  const block = {
    kind: 'numbers',
    time: 1_785_858_421.5,
    rows: 1,
    columns: 2,
    data: Float64Array.of(1, 2),
  } as const
  const csv = await write([
    { ...block, names: ['temp', 'a (b)'], units: ['°C', ''] },
    { ...block, names: ['temp', 'a (b)'], units: ['°C', ''] },
    { ...block, names: ['x', 'y'] },
  ])
  expect(csv).toBe(
    'time,temp [°C],a (b) []\n1785858421.5,1,2\n1785858421.5,1,2\ntime,x,y\n1785858421.5,1,2\n',
  )
  expect((await read(csv)).map(({ names, units }) => [names, units])).toEqual([
    [
      ['temp', 'a (b)'],
      ['°C', ''],
    ],
    [
      ['temp', 'a (b)'],
      ['°C', ''],
    ],
    [['x', 'y'], undefined],
  ])
})
