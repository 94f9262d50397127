import { describe, expect, test } from '@jest/globals'
import { isRejection, type Envelope, type Message, type NumbersBlock } from '@zcast/shared'
import { testCodecContract } from '@zcast/testing/contracts/codec-contract'
import { frameEnvelope, numbersEnvelope } from '@zcast/testing/streams/envelopes'
import * as fc from 'fast-check'
import { Packr, Unpackr } from 'msgpackr'
import { findFormat } from '../../src/format-table.ts'

const packr = new Packr({ useRecords: false })
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))
const text = (part: Uint8Array | undefined): string => Buffer.from(part ?? []).toString()

/** Numbers that have names. */
function named(names: readonly string[], values: readonly number[], { seq = 3, rows = 1 } = {}): Envelope {
  return {
    topic: 'numbers/imu',
    epoch: 9,
    block: {
      kind: 'numbers',
      seq,
      time: 1_700_000_000.5,
      ...(rows > 1 && { interval: 0.25 }),
      rows,
      columns: names.length,
      data: Float64Array.from(values),
      names,
    },
  }
}

const PLAIN = numbersEnvelope(4, { topic: 'numbers/a', epoch: 9, values: [1, -2.5], time: 1_700_000_000.5 })
const WRITES = [
  PLAIN,
  named(['ax', 'ay'], [5, -0.5]),
  named(['x', 'x'], [1, 2]),
  named(['time', 'b'], [1, 2]),
]

const MESSAGES = (write: (value: unknown) => Uint8Array): Record<string, Message> => ({
  'an object': [write({ temp: 21.5 })],
  'an object under a topic': [Buffer.from('sensors/imu'), write({ a: { b: [1, { c: 2 }] }, unit: 'C' })],
  'an array': [write([1, 2.5, true])],
  'arrays of arrays': [
    write([
      [1, 2],
      [3, 4],
    ]),
  ],
  'a batch': [write([{ a: 1 }, { a: 2, b: 3 }])],
  'a number': [write(7)],
})

for (const name of ['json', 'msgpack']) {
  testCodecContract(`SamplesCodec of ${name}`, {
    create: () => findFormat(name).openCodec(),
    messages: MESSAGES(name === 'json' ? json : (value) => packr.pack(value)),
    writes: WRITES,
    refusesToWrite: [frameEnvelope(0)],
  })
}

testCodecContract('SamplesCodec of plotjuggler', {
  create: () => findFormat('plotjuggler').openCodec(),
  messages: {
    ...MESSAGES((value) => (typeof value === 'number' ? packr.pack(value) : json(value))),
    'msgpack under a topic': [Buffer.from('imu'), packr.pack({ a: 1 })],
  },
  writes: [PLAIN, named(['ax', 'ay'], [5, -0.5])],
  readsBack: ({ topic, block: { time, ...block } }) => {
    const { kind, rows, columns, data, names } = block as NumbersBlock
    return { topic, block: { kind, rows, columns, data, time, ...(names && { names }) } }
  },
  refusesToWrite: [frameEnvelope(0)],
})

function read(format: string, ...parts: (string | Uint8Array)[]): Envelope & { block: NumbersBlock } {
  const result = findFormat(format)
    .openCodec()
    .decode(parts.map((part) => Buffer.from(part)))
  if (isRejection(result)) throw new Error(result.reason)
  return result as Envelope & { block: NumbersBlock }
}

describe('numbers of hand-written programs', () => {
  test.each([
    ['nested keys and arrays', '{"a":{"b":[1,{"c":2}]},"d":3}', ['a/b[0]', 'a/b[1]/c', 'd'], [1, 2, 3]],
    ['texts', '{"unit":"C","temp":21.5,"name":"x"}', ['temp'], [21.5]],
    [
      'true, false and null',
      '{"on":true,"off":false,"none":null}',
      ['on', 'off', 'none'],
      [1, 0, Number.NaN],
    ],
    [
      "Python's NaN and Infinity",
      '{"a":NaN,"b":-Infinity,"c":Infinity,"d":"NaN, a text"}',
      ['a', 'b', 'c'],
      [Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    ],
    ['a prototype', '{"__proto__":{"x":1},"y":2}', ['__proto__/x', 'y'], [1, 2]],
  ])('%s are read as PlotJuggler reads them', (_, value, names, values) => {
    const { block } = read('json', value)
    expect(block.names).toEqual(names)
    expect([...block.data]).toEqual(values)
  })

  test('a batch has a row for each sample, and its times', () => {
    const { block, arrivalTime } = read(
      'plotjuggler',
      'imu',
      '[{"timestamp":1700000000,"a":1},{"timestamp":1700000001,"a":2,"b":3},{"timestamp":1700000002,"b":4}]',
    )
    expect(block).toMatchObject({ rows: 3, columns: 2, names: ['a', 'b'], time: 1_700_000_000, interval: 1 })
    expect([...block.data]).toEqual([1, Number.NaN, 2, 3, Number.NaN, 4])
    expect(arrivalTime).toBeUndefined()
  })

  test('the time may be a third part for PlotJuggler', () => {
    const { block } = read('plotjuggler', 'imu', '{"a":1}', '1700000000.25')
    expect(block).toMatchObject({ time: 1_700_000_000.25, names: ['a'] })
    expect(read('plotjuggler', 'imu', '{"a":1}', 'soon').arrivalTime).toBe(true)
  })

  test.each([
    ['in seconds', 1_700_000_000.25],
    ['in milliseconds', 1_700_000_000_250],
    ['in nanoseconds', 1_700_000_000_250_000_000],
  ])('a time %s is the time of the sample', (_, timestamp) => {
    const { block } = read('json', JSON.stringify({ timestamp, a: 1 }))
    expect(block.time).toBeCloseTo(1_700_000_000.25, 3)
    expect(block.names).toEqual(['a'])
  })

  test('a number called time that is none is a value like others', () => {
    const { block, arrivalTime } = read('json', '{"time":12,"a":1}')
    expect(block.names).toEqual(['time', 'a'])
    expect(arrivalTime).toBe(true)
  })

  test.each([
    ['imu {"a": 1}', 'numbers/imu'],
    ['sensors/imu [1, 2]', 'numbers/sensors-imu'],
    ['temperature 21.5', 'numbers/temperature'],
    ['{"a": 1}', 'numbers/main'],
    ['[1, 2]', 'numbers/main'],
    ['21.5', 'numbers/main'],
  ])('the topic of one part, %j, is %s', (part, topic) => {
    expect(read('json', part).topic).toBe(topic)
  })

  test('a long key is shortened to its end, which fits a name', () => {
    const { block } = read('json', JSON.stringify({ [`${'ä'.repeat(80)}/temperature`]: 1 }))
    expect(block.names?.[0]).toMatch(/^…ä+\/temperature$/)
  })

  test.each([
    ['json', 'text that is no JSON', ['hello world']],
    ['json', 'half an object', ['{"a": 1']],
    ['json', 'an object without numbers', ['{"a":"b"}']],
    ['json', 'an empty array', ['[]']],
    ['json', 'rows that differ in length', ['[[1,2],[3]]']],
    ['json', 'an array of texts', ['["a"]']],
    ['json', 'an array of all kinds', ['[1,{"a":1}]']],
    ['json', 'three parts', ['a', '{"a":1}', '{"a":1}']],
    ['json', 'an object that nests too deeply', [`${'{"a":'.repeat(20)}1${'}'.repeat(20)}`]],
    [
      'json',
      'an object of too many numbers',
      [JSON.stringify({ a: Array.from({ length: 10_001 }, () => 1) })],
    ],
    ['json', 'brackets without end', ['['.repeat(100_000)]],
    ['json', 'a text without an end behind a NaN', [`[NaN,"${'\\"'.repeat(1_000_000)}`]],
    ['json', 'a long row and many empty ones', [`[[${'1,'.repeat(200_000)}1],${'[],'.repeat(200_000)}[]]`]],
    ['json', 'three million numbers', [`[${'1,'.repeat(3_000_000)}1]`]],
    ['msgpack', 'an extension', [Buffer.of(0xd4, 1, 1)]],
    ['msgpack', 'half a map', [packr.pack({ a: 1.5 }).subarray(0, -1)]],
    ['msgpack', 'more than a value', [Buffer.concat([packr.pack({ a: 1 }), Buffer.of(1)])]],
    ['msgpack', 'an array that claims 4 billion', [Buffer.of(0xdd, 0xff, 0xff, 0xff, 0xff)]],
    [
      'msgpack',
      'three million values',
      [Buffer.concat([Buffer.of(0xdd, 0, 0x30, 0, 0), Buffer.alloc(0x30_00_00)])],
    ],
    ['msgpack', 'nothing', [Buffer.alloc(0)]],
  ])('%s refuses %s as invalid', (format, _, parts) => {
    const message = parts.map((part) => Buffer.from(part))
    expect(findFormat(format).openCodec().decode(message)).toMatchObject({
      rejected: 'invalid',
      reason: expect.stringMatching(/^[^\n]{1,199}$/),
    })
  })

  test('whatever JSON there is, it is read or refused', () => {
    const codec = findFormat('json').openCodec()
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const result = codec.decode([json(value)])
        if (isRejection(result)) return
        const { rows, columns, data } = result.block as NumbersBlock
        expect(rows).toBeGreaterThan(0)
        expect(data).toHaveLength(rows * columns)
      }),
    )
  })
})

describe('numbers for other programs', () => {
  test('named columns are the keys of a JSON object, with what zcast adds behind them', () => {
    const [topic, payload] = findFormat('json')
      .openCodec()
      .encode(named(['temp', 'hum'], [21.5, 40]))
    expect(text(topic)).toBe('numbers/imu')
    expect(text(payload)).toBe('{"temp":21.5,"hum":40,"seq":3,"epoch":9,"time":1700000000.5}')
  })

  test('numbers without names are an array within one', () => {
    const [, payload] = findFormat('json').openCodec().encode(PLAIN)
    expect(text(payload)).toBe('{"values":[1,-2.5],"seq":4,"epoch":9,"time":1700000000.5}')
  })

  test('names that a publisher states only now and then are in every message', () => {
    const codec = findFormat('json').openCodec()
    codec.encode(named(['temp', 'hum'], [1, 2]))
    const { block, ...rest } = named(['temp', 'hum'], [3, 4], { seq: 5 })
    const [, payload] = codec.encode({ ...rest, block: { ...block, names: undefined } as NumbersBlock })
    expect(JSON.parse(text(payload))).toMatchObject({ temp: 3, hum: 4, seq: 5 })
    const [, other] = codec.encode({
      ...rest,
      epoch: 10,
      block: { ...block, names: undefined } as NumbersBlock,
    })
    expect(JSON.parse(text(other))).toMatchObject({ values: [3, 4] })
  })

  test('what JSON cannot write is null', () => {
    const [, payload] = findFormat('json')
      .openCodec()
      .encode(named(['a', 'b', 'c'], [Number.NaN, Number.POSITIVE_INFINITY, -0]))
    expect(JSON.parse(text(payload))).toMatchObject({ a: null, b: null })
  })

  test('PlotJuggler gets floating-point numbers only, and no keys but values and their time', () => {
    const codec = findFormat('plotjuggler').openCodec()
    const [, payload] = codec.encode(named(['a', 'b', 'c', 'd'], [5, -5, -0, 1e21]))
    expect(text(payload)).toBe('{"timestamp":1700000000.5,"a":5.0,"b":-5.0,"c":-0.0,"d":1e+21}')
    expect(text(codec.encode(PLAIN)[1])).toBe('{"timestamp":1700000000.5,"values":[1.0,-2.5]}')
  })

  test('rows in one message are a batch, each with its number and time', () => {
    const block = named(['a'], [1, 2], { rows: 2 })
    for (const format of ['json', 'msgpack']) {
      const codec = findFormat(format).openCodec()
      const message = codec.encode(block)
      expect(codec.decode(message)).toMatchObject({
        epoch: 9,
        block: { seq: 3, rows: 2, interval: 0.25, time: 1_700_000_000.5, data: Float64Array.of(1, 2) },
      })
    }
  })

  test('msgpack gets 64-bit floating-point numbers, also whole ones', () => {
    const [, payload] = findFormat('msgpack')
      .openCodec()
      .encode(named(['temp'], [21]))
    expect(new Unpackr({ useRecords: false }).unpack(payload ?? Buffer.alloc(0))).toEqual({
      seq: 3,
      epoch: 9,
      time: 1_700_000_000.5,
      temp: 21,
    })
    expect(Buffer.from(payload ?? '').toString('hex')).toContain(
      `${Buffer.from('temp').toString('hex')}cb4035`,
    )
  })
})
