import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { MAX_LABELS_BYTES } from '@zcast/shared/internal'
import type { LineReading, LineRow } from '../../../../src/sources/numbers/line-row.ts'
import { NumbersReader } from '../../../../src/sources/numbers/numbers-reader.ts'
import type { NumbersFormat } from '../../../../src/sources/numbers/table/table-options.ts'

interface Read {
  rows: LineRow[]
  values: number[][]
  names: readonly string[] | undefined
  units: readonly string[] | undefined
  /** Of lines that were refused. */
  reasons: string[]
  sentences: string[]
}

function labelBytes({ names = [], units = [] }: Pick<Read, 'names' | 'units'>): number {
  return [...names, ...units].reduce((sum, label) => sum + Buffer.byteLength(label) + 2, 0)
}

/** What lines that are there at once are read as. */
function readAll(lines: readonly string[], format: NumbersFormat = {}): Read {
  const reader = new NumbersReader(format)
  reader.look(lines)
  const readings: LineReading[] = []
  const sentences: string[] = []
  for (const [index, line] of lines.entries()) {
    if (line.startsWith('#')) reader.readComment(line)
    else readings.push(reader.read(line, index + 1))
    const sentence = reader.takeSentence()
    if (sentence !== undefined) sentences.push(sentence)
  }
  reader.end()
  const rows = readings.flatMap((reading) =>
    reading === undefined || typeof reading === 'string' ? [] : 'data' in reading ? [reading] : [...reading],
  )
  return {
    rows,
    values: rows.map(({ data }) => Array.from(data)),
    names: rows.at(-1)?.labels?.names,
    units: rows.at(-1)?.labels?.units,
    reasons: [
      ...readings.filter((reading): reading is string => typeof reading === 'string'),
      ...reader.refused.map(({ reason }) => reason),
    ],
    sentences,
  }
}

const { NaN: missing } = Number

describe('a table', () => {
  test('has the names of its heading, and its own times', () => {
    const { values, rows, names, sentences, reasons } = readAll([
      'time,temp,hum',
      '1.0,20.5,40',
      '2.5,20.6,41',
    ])
    expect(names).toEqual(['temp', 'hum'])
    expect(values).toEqual([
      [20.5, 40],
      [20.6, 41],
    ])
    expect(rows.map(({ time, isElapsed }) => [time, isElapsed])).toEqual([
      [1, true],
      [2.5, true],
    ])
    expect(sentences).toEqual(['CSV, 2 columns: temp, hum; times in column 1 (seconds from the first one)'])
    expect(reasons).toEqual([])
  })

  test.each<[string, string, number[]]>([
    ['an empty cell', '1,,3', [1, missing, 3]],
    ['an empty cell at the end', '1,2,', [1, 2, missing]],
    ['NaN, NA, null and a dash', 'nan,N/A,-', [missing, missing, missing]],
    ['infinities', 'inf,-Infinity,1', [Infinity, -Infinity, 1]],
    ['quotes', '"1","2.5",3', [1, 2.5, 3]],
    ['decimal commas in quotes', '"1,5","2,25","0"', [1.5, 2.25, 0]],
    ['thousands in quotes', '"1,234.5","2","3"', [1234.5, 2, 3]],
  ])('may have %s', (_, line, expected) => {
    expect(readAll(['a,b,c', '1,2,3', line]).values).toEqual([[1, 2, 3], expected])
  })

  test.each<[string, string[], string[], string[] | undefined]>([
    ['units in brackets', ['temp [°C],p (hPa)', '1,2'], ['temp', 'p'], ['°C', 'hPa']],
    [
      'units in a line of their own',
      ['x-axis,A,B', 'second,Volt,Volt', '-1E-3,1,2'],
      ['A', 'B'],
      ['Volt', 'Volt'],
    ],
    [
      'quotes with a separator in them',
      ['time,"Torque, Request",b', '0,1,2'],
      ['Torque, Request', 'b'],
      undefined,
    ],
    ['semicolons, and decimal commas below', ['A;B', '1,5;2,25'], ['A', 'B'], undefined],
    ['a comment of names', ['# time temp hum', '0 1 2'], ['temp', 'hum'], undefined],
    [
      'lines of an instrument above it',
      [
        'Model,X1',
        'Firmware Version,1.52',
        'Record Length,2500',
        'Rate: 1000',
        'TIME,CH1',
        '0,1',
        '1,2',
        '2,3',
      ],
      ['CH1'],
      undefined,
    ],
    [
      'lines of a logger around it',
      ['"TOA5","X","1"', '"TIMESTAMP","BattV"', '"TS","Volts"', '"","Min"', '"2026-08-04 17:00:00",12.6'],
      ['BattV'],
      ['Volts'],
    ],
    [
      'a column of comments that its rows lack',
      ['LabVIEW Measurement\t', 'Separator\tTab', 'X_Value\tV0\tV1\tComment', '0.0\t1\t2', '0.1\t1\t2'],
      ['V0', 'V1'],
      undefined,
    ],
    ['positions for columns without names', ['time,0,1', '1785858421.5,1,2'], undefined as never, undefined],
  ])('may have a heading with %s', (_, lines, names, units) => {
    const read = readAll(lines)
    expect([read.names, read.units, read.reasons]).toEqual([names, units, []])
  })

  test.each<[string, string, number]>([
    ['2026-08-04T17:00:00.25Z', 'when', 1_785_862_800.25],
    ['2026-08-04T19:00:00+02:00', 'when', 1_785_862_800],
    ['1785862800', 'time', 1_785_862_800],
    ['1785862800250', 'timestamp', 1_785_862_800.25],
    ['1785862800250000000', '__time', 1_785_862_800.25],
  ])('has times as %j', (cell, name, time) => {
    const { rows, values } = readAll([`${name},a`, `${cell},5`])
    expect(rows[0]?.time).toBeCloseTo(time, 6)
    expect(values).toEqual([[5]])
  })

  test('has local times in one column or two, with or without a heading', () => {
    const local = new Date(2026, 7, 4, 17, 0, 0).getTime() / 1000
    for (const lines of [
      ['Datum;Uhrzeit;T', '04.08.2026;17:00:00;21,5'],
      ['when,T', '2026-08-04 17:00:00,21.5'],
      ['2026/08/04 17:00 21.5'],
      ['2026-08-04-17:00:00;21.5'],
    ])
      expect(readAll(lines).rows).toMatchObject([{ time: local, data: Float64Array.of(21.5) }])
  })

  test('leaves out columns of texts below names, and says so', () => {
    const { values, names, sentences } = readAll(['id,state,temp', '1,ok,21.5', '2,failed,'])
    expect(values).toEqual([
      [1, 21.5],
      [2, missing],
    ])
    expect(names).toEqual(['id', 'temp'])
    expect(sentences).toEqual(['CSV, 2 columns: id, temp; texts in column 2 left out'])
  })

  test('takes what a sensor says of a failure for no heading', () => {
    const { values, reasons, names } = readAll(['temp,hum', '21.5,40', 'ERR,ERR', 'ERR,40', '21.6,41'])
    expect(values).toEqual([
      [21.5, 40],
      [21.6, 41],
    ])
    expect(reasons).toEqual(['"ERR" is not a number', '"ERR" is not a number'])
    expect(names).toEqual(['temp', 'hum'])
  })

  test('may go on below another heading', () => {
    const { values, names } = readAll(['a,b', '1,2', 'c,d,e', '3,4,5'])
    expect(values).toEqual([
      [1, 2],
      [3, 4, 5],
    ])
    expect(names).toEqual(['c', 'd', 'e'])
  })

  test.each<[string[], RegExp]>([
    [['a,b', '1,2,3'], /^it has 3 cells, and its table has 2$|not a number/],
    [['a,b', '1,2', '1,2,3'], /^it has 3 cells, and its table has 2$/],
    [['a,b', '1,2', '"1,2'], /quote in it does not end/],
    [['08/04/2026,1.5'], /may begin with the day or with the month/],
    [['when,a', '2026-02-30T00:00:00Z,1'], /"2026-02-30T00:00:00Z" is not a time/],
  ])('%j has a line that is refused by name', (lines, reason) => {
    expect(readAll(lines).reasons).toContainEqual(expect.stringMatching(reason))
  })

  test('is read as its reader says', () => {
    expect(readAll(['1,5', '2,25'], { decimal: 'comma' }).values).toEqual([[1.5], [2.25]])
    expect(readAll(['1,234;2'], { decimal: 'point' }).values).toEqual([[1234, 2]])
    expect(readAll(['1 234|2'], { separator: '|' }).values).toEqual([[1234, 2]])
    expect(readAll(['a,b,c', '1,2,3'], { columns: ['c', 'a'] })).toMatchObject({
      values: [[3, 1]],
      names: ['c', 'a'],
    })
    expect(readAll(['1,2'], { columns: ['x', 'y'] }).names).toEqual(['x', 'y'])
    expect(readAll(['time,a', '1,2'], { timeColumn: 'none' }).names).toEqual(['time', 'a'])
    expect(readAll(['a,b', '1,2'], { timeColumn: 'a' }).rows).toMatchObject([{ time: 1 }])
    expect(readAll(['a,b', '1,2'], { timeColumn: '2' }).rows).toMatchObject([{ time: 2 }])
    expect(readAll(['1,2,3'], { columns: ['x', 'y'] }).reasons).toEqual([
      'it has 3 columns, and the columns asked for are x, y',
    ])
  })

  test('is read back as it was printed, for every separator and decimal sign', () => {
    const cell = fc.oneof(fc.double({ noDefaultInfinity: true }), fc.constant(Number.NaN), fc.integer())
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell, cell), { minLength: 1 }),
        fc.constantFrom(',', ';', '\t', '|', ' ' as const),
        fc.constantFrom('point', 'comma' as const),
        fc.boolean(),
        (rows, separator, decimal, isToldHow) => {
          if (decimal === 'comma' && separator === ',') return
          const write = (value: number): string => {
            const text = Object.is(value, -0) ? '-0' : String(value)
            return decimal === 'comma' ? text.replace('.', ',') : text
          }
          const lines = ['alpha', 'beta', 'gamma'].join(separator)
          // A first row that leaves no doubt, as most tables have.
          const first = [0.5, 1.5, 2.5]
          const text = [lines, ...[first, ...rows].map((row) => row.map(write).join(separator))]
          const read = readAll(text, isToldHow ? { separator, decimal } : {})
          expect(read.reasons).toEqual([])
          expect(read.values).toEqual([first, ...rows])
          expect(read.names).toEqual(['alpha', 'beta', 'gamma'])
        },
      ),
    )
  })
})

describe('lines that name their values', () => {
  test.each<[string, string[], number[], string[] | undefined]>([
    ['temp:20.5,hum:40', ['temp', 'hum'], [20.5, 40], undefined],
    ['temp:20.5\thum:40\t', ['temp', 'hum'], [20.5, 40], undefined],
    ['Temp: 20.5 C, Humidity: 40 %', ['Temp', 'Humidity'], [20.5, 40], ['C', '%']],
    ['Roll: 30.1°, Pitch: nan', ['Roll', 'Pitch'], [30.1, missing], ['°', '']],
    ['temp:20,5;hum:40,2', ['temp', 'hum'], [20.5, 40.2], undefined],
    ['temp:20,5 hum:40,2', ['temp', 'hum'], [20.5, 40.2], undefined],
    ['t=1 h=2.5', ['t', 'h'], [1, 2.5], undefined],
    ['level=info msg="all: well" temp=21.5', ['temp'], [21.5], undefined],
    ['Sine\t0.5\tCosine\t-0.8\t', ['Sine', 'Cosine'], [0.5, -0.8], undefined],
    ['17:00:00.123 -> temp:20.5', ['temp'], [20.5], undefined],
    [
      '{"a":1,"b":{"c":"2.5","d":true,"e":null,"f":"text"}}',
      ['a', 'b.c', 'b.d', 'b.e'],
      [1, 2.5, 1, missing],
      undefined,
    ],
    ['{"a": NaN, "b": -Infinity}', ['a', 'b'], [missing, -Infinity], undefined],
    ['>temp:20.5§°C|np', ['temp'], [20.5], ['°C']],
    ['temp:20.5|g', ['temp'], [20.5], undefined],
    ['pos:1:2|xy', ['pos.x', 'pos.y'], [1, 2], undefined],
    ['home/room/temp 20.5', ['home/room/temp'], [20.5], undefined],
    ['tele/plug/SENSOR {"P": 12}', ['tele/plug/SENSOR.P'], [12], undefined],
    [
      'weather,city=Ulm,host=a temp=82,hum=71i,ok=t,s="x, y" 1465839830100400200',
      ['weather.Ulm.temp', 'weather.Ulm.hum', 'weather.Ulm.ok'],
      [82, 71, 1],
      undefined,
    ],
  ])('%j', (line, names, values, units) => {
    const read = readAll([line])
    expect([read.names, read.values, read.units, read.reasons]).toEqual([names, [values], units, []])
  })

  test.each<[string, number]>([
    ['{"time":"2026-08-04T17:00:00Z","a":1}', 1_785_862_800],
    ['{"ts":1785862800250,"a":1}', 1_785_862_800.25],
    ['>a:1785862800250:1', 1_785_862_800.25],
    ['time=2026-08-04T17:00:00Z a=1', 1_785_862_800],
    ['w,c=d a=1 1785862800000000000', 1_785_862_800],
  ])('%j tells its time', (line, time) => {
    expect(readAll([line]).rows).toMatchObject([{ time, data: Float64Array.of(1) }])
  })

  test('have several values of Teleplot at times of their own', () => {
    expect(readAll(['trace:1000:5;2000:6']).rows).toMatchObject([
      { time: 1, isElapsed: true, data: Float64Array.of(5) },
      { time: 2, isElapsed: true, data: Float64Array.of(6) },
    ])
  })

  test('keep the column of each name, in any order; one that is not there is missing', () => {
    const { values, names } = readAll(['a:1,b:2', 'b:3,a:4', 'b:5', 'c:6,a:7'])
    expect(values).toEqual([
      [1, 2, missing],
      [4, 3, missing],
      [missing, 5, missing],
      [7, missing, 6],
    ])
    expect(names).toEqual(['a', 'b', 'c'])
  })

  test('a name that was not known before gets a column of its own, from its line on', () => {
    const reader = new NumbersReader()
    const labelsOf = (line: string): unknown => {
      const [row] = [reader.read(line, 1)].flat() as LineRow[]
      return [Array.from(row?.data ?? []), row?.labels?.names]
    }
    expect(labelsOf('a:1')).toEqual([[1], ['a']])
    expect(labelsOf('b:2')).toEqual([
      [missing, 2],
      ['a', 'b'],
    ])
  })

  test.each<[string, RegExp]>([
    ['temp:21,5,hum:40', /"5" in it has no label/],
    ['temp:1,234;hum:2', /comma in "1,234" may be a decimal sign or group thousands/],
    ['temp:0x1F', /"0x1F" is not a number/],
    ['a:1,a:2', /"a" stands in it twice/],
    ['{"a":1e999}', /too large/],
    ['{"a":"b"}', /holds no numbers/],
    ['{"a":1', /is not JSON/],
    ['>state:on|t', /a text of Teleplot/],
    ['>nothing', /no line of Teleplot/],
    [`${'x'.repeat(65)}:1`, /longer than 64 bytes/],
    [`temp:1§${'u'.repeat(65)}|g`, /the unit of "temp" is longer than 64 bytes/],
    ['1:2', /is not a number/],
  ])('%j is refused, and why is said', (line, reason) => {
    expect(readAll([line])).toMatchObject({ rows: [], reasons: [expect.stringMatching(reason)] })
  })

  test('units are refused before names and units are over what a header holds, and known names go on', () => {
    const units = Array.from({ length: 1000 }, (_, index) => `>${index}n:1§${'u'.repeat(64)}|g`)
    const { rows, names, units: held, reasons } = readAll([...units, '>0n:2'])
    expect(labelBytes({ names, units: held })).toBeLessThanOrEqual(MAX_LABELS_BYTES)
    expect(names?.length).toBeGreaterThan(400)
    expect(reasons).toHaveLength(1000 - (names?.length ?? 0))
    expect(new Set(reasons)).toEqual(new Set(['its units and those before it are too long together']))
    expect(rows.at(-1)?.data[0]).toBe(2)
  })

  test('a unit that changes counts once', () => {
    const lines = Array.from({ length: 1000 }, (_, index) => `>temp:1§${String(index).padStart(64, 'u')}|g`)
    const { units, reasons } = readAll(lines)
    expect(reasons).toEqual([])
    expect(units).toEqual(['999'.padStart(64, 'u')])
  })

  test('a line that has lost its beginning is no row of its own', () => {
    const { rows, reasons } = readAll([
      'temp:1,hum:2',
      'temp:1,hum:2',
      'temp:1,hum:2',
      'temp:1,hum:2',
      '21.5',
    ])
    expect(rows).toHaveLength(4)
    expect(reasons).toEqual(['it has no names, and the lines before it have'])
  })
})

test('any text gives rows of one length with their names, or a reason', () => {
  const anything = fc.array(
    fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc
        .array(
          fc.constantFrom(
            '1',
            '2.5',
            ',',
            ';',
            ':',
            '=',
            '"',
            '>',
            '{',
            '}',
            '[',
            '|',
            '\t',
            ' ',
            'a',
            'time',
            '-',
            '§',
            '2026-08-04',
          ),
          { maxLength: 12 },
        )
        .map((parts) => parts.join('')),
    ),
    { maxLength: 8 },
  )
  fc.assert(
    fc.property(anything, (lines) => {
      for (const { data, labels } of readAll(lines.filter((line) => line !== '')).rows) {
        expect(data.length).toBeGreaterThan(0)
        if (labels?.names) expect(labels.names).toHaveLength(data.length)
        if (labels?.units) expect(labels.units).toHaveLength(data.length)
      }
    }),
    { numRuns: 400 },
  )
})
