import { Writable } from 'node:stream'
import { describe, expect, test } from '@jest/globals'
import { type ColumnLabels, type Envelope, Statistics } from '@zcast/shared'
import { testSinkContract } from '@zcast/testing/contracts/sink-contract'
import { RecordingLog } from '@zcast/testing/waiting/recording-log'
import { findSelection } from '../../../src/selection.ts'
import { ColumnSink } from '../../../src/sinks/column-sink.ts'
import { ConsoleSink } from '../../../src/sinks/console-sink.ts'
import { CsvSink } from '../../../src/sinks/csv-sink.ts'
import type { Sink } from '../../../src/sinks/sink.ts'

function numbers(seq: number, values: number[], labels: ColumnLabels = {}): Envelope {
  const data = Float64Array.from(values)
  const block = {
    kind: 'numbers',
    seq,
    time: 100 + seq,
    rows: 1,
    columns: values.length,
    data,
    ...labels,
  } as const
  return { topic: 'numbers/a', epoch: 9, block }
}

function capture(): { output: Writable; text: () => string } {
  let written = ''
  const output = new Writable({
    write: (piece, _, done) => {
      written += String(piece)
      done()
    },
  })
  return { output, text: () => written }
}

async function writeAll(sink: Sink, envelopes: readonly Envelope[], log = new RecordingLog()): Promise<void> {
  await sink.open({ statistics: new Statistics(), state: () => 'live', log })
  for (const envelope of envelopes) await sink.write(envelope)
  await sink.close()
}

const NAMED = { names: ['temp', 'a rather long name', 'p'], units: ['°C', '', 'hPa'] }

describe('ConsoleSink, of columns with names', () => {
  test('prints one line of names, and each value below its own; again after a change', async () => {
    const { output, text } = capture()
    await writeAll(new ConsoleSink({ output, selection: findSelection('all') }), [
      numbers(9, [20.5, 1, 2], NAMED),
      // The same names in another message.
      numbers(10, [Number.NaN, 1, 1000], { names: [...NAMED.names], units: [...NAMED.units] }),
      numbers(0, [1], { names: ['x'] }),
    ])
    expect(text()).toBe(
      [
        '#         temp [°C] a rather long name    p [hPa]',
        '#9           20.500              1.000      2.000',
        '#10             NaN              1.000   1000.000',
        '#                 x',
        '#0            1.000',
        '',
      ].join('\n'),
    )
  })

  test('prints names that would harm a terminal harmlessly', async () => {
    const { output, text } = capture()
    await writeAll(new ConsoleSink({ output, selection: findSelection('all') }), [
      numbers(0, [1], { names: ['\u001b[2J'] }),
    ])
    expect(text()).not.toContain('\u001b')
  })

  test('has the names and units of its positions in the first line of JSON, and after a change', async () => {
    const { output, text } = capture()
    await writeAll(new ConsoleSink({ output, selection: findSelection('odd'), json: true }), [
      numbers(0, [1, 2, 3]),
      numbers(1, [1, 2, 3], NAMED),
      numbers(2, [1, 2, 3], NAMED),
    ])
    const lines = text()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines.map(({ names, units, values }) => [names, units, values])).toEqual([
      [undefined, undefined, [2]],
      [['a rather long name'], [''], [2]],
      [undefined, undefined, [2]],
    ])
  })
})

testSinkContract('CsvSink', {
  create: () => new CsvSink({ output: capture().output, selection: findSelection('all') }),
  envelope: (seq) => numbers(seq, [1, 2, 3]),
  refuses: 'video',
})

describe('CsvSink', () => {
  test('writes times, names and every number exactly, and positions where there are no names', async () => {
    const { output, text } = capture()
    await writeAll(new CsvSink({ output, selection: findSelection('even') }), [
      numbers(0, [0.1 + 0.2, 1, -0]),
      numbers(1, [Number.NaN, 1, Infinity], NAMED),
    ])
    expect(text()).toBe('time,0,2\n100,0.30000000000000004,-0\ntime,temp [°C],p [hPa]\n101,NaN,Infinity\n')
  })
})

describe('ColumnSink', () => {
  test('hands on the columns that were asked for, in that order', async () => {
    const { output, text } = capture()
    const sink = new ColumnSink(new CsvSink({ output, selection: findSelection('all') }), ['p', 'temp'])
    await writeAll(sink, [numbers(0, [1, 2, 3], NAMED)])
    expect(text()).toBe('time,p [hPa],temp [°C]\n100,3,1\n')
  })

  test('leaves out what lacks one, and says what there is', async () => {
    const { output, text } = capture()
    const log = new RecordingLog()
    const sink = new ColumnSink(new CsvSink({ output, selection: findSelection('all') }), ['q'])
    await writeAll(sink, [numbers(0, [1, 2, 3], NAMED), numbers(1, [1])], log)
    expect(text()).toBe('')
    expect(log.lines.join('\n')).toContain(
      'numbers/a has no column q, and is not shown: it has temp, a rather long name, p',
    )
    expect(log.lines.join('\n')).toContain('its columns have no names')
  })
})
