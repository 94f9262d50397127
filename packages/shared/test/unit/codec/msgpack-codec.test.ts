import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { Packr, Unpackr } from 'msgpackr'
import { isRejection } from '../../../src/codec/codec.ts'
import { MAX_HEADER_BYTES } from '../../../src/codec/header-scanner.ts'
import { MsgpackCodec } from '../../../src/codec/msgpack-codec.ts'
import { MAX_MESSAGE_BYTES, type Envelope, type Message } from '../../../src/envelope.ts'
import { frameEnvelope, jpegShell, numbersEnvelope, rowsEnvelope } from '@zcast/testing/streams/envelopes'

const codec = new MsgpackCodec()
const packr = new Packr({ useRecords: false })

/** A message of any header, as another program might send it. */
function message(topic: string, header: unknown, ...attachments: Uint8Array[]): Message {
  return [Buffer.from(topic), packr.pack(header), ...attachments]
}

const POSITION = { v: 1, epoch: 7, seq: 3, time: 1.5 }
const NUMBERS = { ...POSITION, values: [1, 2.5] }
const VIDEO = { ...POSITION, width: 16, height: 9, format: 'jpeg' }
const JPEG = jpegShell(16, 9)
/** What looks like a picture of one size, in as many bytes as one of another. */
function bomb(width: number, height: number): Message {
  return message(
    'video/main',
    { ...VIDEO, width, height },
    jpegShell(
      width,
      height,
      Array.from({ length: 300 }, () => 0),
    ),
  )
}

/** A progressive picture of 200 scans. */
function manyScans(): Uint8Array {
  const shell = jpegShell(16, 9)
  const scanAt = shell.findIndex((byte, at) => byte === 0xff && shell[at + 1] === 0xda)
  const scan = shell.subarray(scanAt, -2)
  const scans = Array.from({ length: 200 }, () => scan)
  const picture = Buffer.concat([shell.subarray(0, scanAt), ...scans, shell.subarray(-2)])
  picture[3] = 0xc2
  return picture
}

const TWO_FLOATS = new Uint8Array(Float64Array.of(1, 2).buffer)

function headerOf(parts: Message): unknown {
  return new Unpackr({ useRecords: false }).unpack(parts.at(1) as Uint8Array)
}

const uint32 = fc.nat(0xff_ff_ff_ff)
const uint53 = fc.maxSafeNat()
// A zero may be written as the integer, which has no sign.
const float = fc.double({ noDefaultInfinity: true, noNaN: true }).map((value) => value + 0)

describe('the wire format, version 1', () => {
  test('an array of numbers is decoded as it was encoded', () => {
    const values = fc.array(fc.double(), { minLength: 1, maxLength: 50 })
    fc.assert(
      fc.property(uint32, uint53, float, values, fc.boolean(), (epoch, seq, time, array, retained) => {
        const sent = {
          ...numbersEnvelope(seq, { epoch, time, values: array }),
          ...(retained && { retained }),
        }
        expect(codec.decode(codec.encode(sent))).toEqual(sent)
      }),
    )
  })

  test('rows of numbers are decoded as they were encoded, aligned in memory or not', () => {
    const shapes = fc.tuple(fc.integer({ min: 2, max: 8 }), fc.integer({ min: 1, max: 8 }))
    const intervals = fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined })
    fc.assert(
      fc.property(
        shapes,
        uint32,
        float,
        intervals,
        fc.nat(9),
        ([rows, columns], seq, time, interval, shift) => {
          const data = Float64Array.from({ length: rows * columns }, (_, index) => index / 3)
          const block = { kind: 'numbers', seq, time, interval, rows, columns, data } as const
          const sent: Envelope = { topic: 'numbers/random', epoch: 1, block }
          const [topic, header, attachment] = codec.encode(sent) as [Uint8Array, Uint8Array, Uint8Array]
          // A Buffer's own slice() does not copy.
          for (const shifted of [
            new Uint8Array(attachment.length + shift),
            Buffer.alloc(attachment.length + shift),
          ]) {
            shifted.set(attachment, shift)
            expect(codec.decode([topic, header, shifted.subarray(shift)])).toEqual(sent)
          }
        },
      ),
    )
  })

  test("frames of several streams and sizes do not get one another's headers", () => {
    const frames = fc.record({
      seq: uint53,
      time: float,
      epoch: fc.constantFrom(1, 2 ** 32 - 1),
      width: fc.constantFrom(16, 300),
      topic: fc.integer({ min: 0, max: 99 }).map((number) => `video/cam${number}`),
    })
    fc.assert(
      fc.property(fc.array(frames, { maxLength: 200 }), (all) => {
        for (const { seq, ...options } of all) {
          const sent = frameEnvelope(seq, options)
          expect(codec.decode(codec.encode(sent))).toEqual(sent)
        }
      }),
    )
  })

  test('the header of a frame is a plain map, whatever its number', () => {
    for (const seq of [0, 127, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
      const { seq: read, ...rest } = headerOf(codec.encode(frameEnvelope(seq, { time: 3 }))) as {
        seq: bigint
      }
      expect(Number(read)).toBe(seq)
      expect(rest).toEqual({ v: 1, epoch: 1, time: 3, width: 16, height: 9, format: 'jpeg' })
    }
  })

  test('a frame is decoded as it was encoded, and its picture is not copied', () => {
    const side = fc.integer({ min: 1, max: 4000 })
    fc.assert(
      fc.property(uint53, float, side, side, (seq, time, width, height) => {
        const sent = frameEnvelope(seq, { time, width, height, topic: 'video@360p/cam.1' })
        const parts = codec.encode(sent)
        const received = codec.decode(parts) as Envelope
        expect(received).toEqual(sent)
        expect(received.block.data).toBe(parts[2])
      }),
    )
  })

  test('every kind of message is decoded as it was encoded at every boundary, retained or not', () => {
    const seqs = fc.constantFrom(0, 1, 127, 128, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 2, 2 ** 53 - 1)
    const epochs = fc.constantFrom(0, 1, 2 ** 31, 2 ** 32 - 1)
    const times = fc.constantFrom(
      0,
      -1,
      0.1,
      1785858421.977,
      Number.MIN_VALUE,
      -Number.MAX_VALUE,
      Number.MAX_VALUE,
    )
    const rows = fc.constantFrom(1, 2, 3)
    const columns = fc.constantFrom(1, 15, 16, 6999, 7000, 7001)
    const widths = fc.constantFrom(1, 127, 128, 255, 256, 65_535)
    const heights = fc.constantFrom(1, 127, 128, 255, 256, 1000)
    const topics = fc.constantFrom('a', 'A-z_0.9', 's'.repeat(64))
    const renditions = fc.constantFrom('', '@1', `@${'r'.repeat(32)}`)
    const place = fc.tuple(
      fc.constantFrom('numbers', 'video'),
      renditions,
      topics,
      epochs,
      seqs,
      times,
      fc.boolean(),
    )
    fc.assert(
      fc.property(place, rows, columns, widths, heights, (placed, rowCount, columnCount, width, height) => {
        const [kind, rendition, stream, epoch, seq, time, retained] = placed
        const data = Float64Array.from({ length: rowCount * columnCount }, (_, index) => index - 0.5)
        // The last row may not be beyond what a number holds exactly.
        const first = Math.min(seq, Number.MAX_SAFE_INTEGER - rowCount + 1)
        const block: Envelope['block'] =
          kind === 'video'
            ? { kind, seq, time, width, height, format: 'jpeg', data: jpegShell(width, height) }
            : { kind: 'numbers', seq: first, time, rows: rowCount, columns: columnCount, data }
        const topic = `${kind}${rendition}/${stream}`
        const sent: Envelope = retained ? { topic, epoch, retained, block } : { topic, epoch, block }
        expect(codec.decode(codec.encode(sent))).toEqual(sent)
      }),
      { numRuns: 80 },
    )
  })

  test('a header is one map of plain msgpack, so that every library reads it', () => {
    expect(headerOf(codec.encode(numbersEnvelope(5, { epoch: 7, values: [0, 64, 2.5], time: 2 })))).toEqual({
      v: 1,
      epoch: 7,
      seq: 5,
      time: 2,
      values: [0, 64, 2.5],
    })
    expect(headerOf(codec.encode(frameEnvelope(2 ** 40, { retained: true })))).toEqual({
      v: 1,
      epoch: 1,
      seq: 2 ** 40,
      time: 0,
      retained: true,
      width: 16,
      height: 9,
      format: 'jpeg',
    })
  })

  test('a picture names the renditions of its stream, and anything else in their place counts as none', () => {
    const plain = frameEnvelope(40)
    const named = { ...plain, renditions: ['360p', '160p'] }
    // The second one is made from the first one's header.
    for (const envelope of [
      named,
      { ...named, block: { ...named.block, seq: 41 } },
      { ...named, withheld: 3 },
    ])
      expect(codec.decode(codec.encode(envelope))).toEqual(envelope)
    const many = Array.from({ length: 9 }, (_, index) => `${900 - index}p`)
    for (const renditions of [[], ['360'], ['160p', '360p'], ['360p', '360p'], many])
      expect(codec.decode(codec.encode({ ...plain, renditions }))).toEqual(plain)
    for (const renditions of ['360p', 7, [360], null])
      expect(codec.decode(codec.encode({ ...plain, renditions: renditions as unknown as string[] }))).toEqual(
        plain,
      )
  })

  test('a picture says that lanes are to be had, and on one how many were left out before it', () => {
    const plain = frameEnvelope(40)
    for (const keys of [{ lanes: true }, { withheld: 5 }, { lanes: true, withheld: 5 }]) {
      const message = codec.encode({ ...plain, ...keys })
      expect(headerOf(message)).toEqual({ ...(headerOf(codec.encode(plain)) as object), ...keys })
      expect(codec.decode(message)).toEqual({ ...plain, ...keys })
    }
    expect(codec.decode(codec.encode({ ...plain, withheld: 0 }))).toEqual(plain)
    expect(codec.decode(codec.encode({ ...plain, withheld: 1000 }))).toEqual({ ...plain, withheld: 40 })
  })

  test('names and units travel in the header, beside values or an attachment', () => {
    const labels = { names: ['x', 'y'], units: ['m', ''] }
    for (const values of [
      [1, 2],
      [1, Number.NaN],
    ]) {
      const plain = numbersEnvelope(0, { values })
      const sent = { ...plain, block: { ...plain.block, ...labels } } as Envelope
      const parts = codec.encode(sent)
      expect(headerOf(parts)).toMatchObject(labels)
      expect(codec.decode(parts)).toEqual(sent)
    }
  })

  test('with long names the values leave the header before it is full', () => {
    const names = Array.from({ length: 480 }, () => 'n'.repeat(64))
    const plain = numbersEnvelope(0, { values: Array.from({ length: 480 }, () => 0.1) })
    const parts = codec.encode({ ...plain, block: { ...plain.block, names } } as Envelope)
    expect(parts[1]?.byteLength).toBeLessThanOrEqual(MAX_HEADER_BYTES)
    expect(codec.decode(parts)).toMatchObject({ block: { names } })
  })

  test.each<[string, unknown]>([
    ['no list', 'xy'],
    ['too few', ['x']],
    ['something else than texts', ['x', 1]],
    ['a text of more than 64 bytes', ['x', 'ü'.repeat(33)]],
  ])('names that are %s count as absent', (_, names) => {
    const wrong = { ...NUMBERS, values: [1, 2], names, units: names }
    expect(codec.decode(message('numbers/random', wrong))).toEqual(
      codec.decode(message('numbers/random', { ...NUMBERS, values: [1, 2] })),
    )
  })

  test('arrays of up to 7000 travel in the header, larger ones as an attachment', () => {
    const values = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 0.1)
    const small = codec.encode(numbersEnvelope(0, { values: values(7000) }))
    expect(small).toHaveLength(2)
    expect(small[1]?.byteLength).toBeLessThanOrEqual(MAX_HEADER_BYTES)
    const large = codec.encode(numbersEnvelope(0, { values: values(7001) }))
    expect(large).toHaveLength(3)
    expect(headerOf(large)).toMatchObject({ rows: 1, columns: 7001 })
    for (const parts of [small, large]) expect(isRejection(codec.decode(parts))).toBe(false)
  })

  test.each<[string, number]>([
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['negative infinity', Number.NEGATIVE_INFINITY],
    ['negative zero', -0],
  ])('an array with %s travels as an attachment, as a header cannot hold it', (_, value) => {
    const sent = numbersEnvelope(4, { values: [1.5, value] })
    const parts = codec.encode(sent)
    expect(headerOf(parts)).not.toHaveProperty('values')
    expect(headerOf(parts)).toMatchObject({ seq: 4, rows: 1, columns: 2 })
    expect(codec.decode(parts)).toEqual(sent)
  })

  test.each([0, Number.MIN_VALUE, 2.2e-308, Number.MAX_VALUE, -Number.MAX_VALUE, 2 ** 64, 0.1 + 0.2])(
    'an array with %d stays in the header, exactly',
    (value) => {
      const sent = numbersEnvelope(0, { values: [value, 1] })
      expect(codec.encode(sent)).toHaveLength(2)
      expect(codec.decode(codec.encode(sent))).toEqual(sent)
    },
  )

  test('a message over 16 MiB is refused before it is sent', () => {
    const data = new Float64Array(MAX_MESSAGE_BYTES / 8)
    const block = { kind: 'numbers', seq: 0, time: 0, rows: 2, columns: data.length / 2, data } as const
    expect(() => codec.encode({ topic: 'numbers/random', epoch: 1, block })).toThrow(
      expect.objectContaining({ code: 'ERR_MESSAGE_SIZE' }),
    )
  })

  test('a message whose header readers would refuse is refused before it is sent', () => {
    const plain = numbersEnvelope(0, { values: [1] })
    const withUnit = (bytes: number): Envelope =>
      ({ ...plain, block: { ...plain.block, names: ['x'], units: ['u'.repeat(bytes)] } }) as Envelope
    expect(() => codec.encode(withUnit(MAX_HEADER_BYTES))).toThrow(
      expect.objectContaining({
        code: 'ERR_MESSAGE_SIZE',
        message: expect.stringMatching(/names and units/),
      }),
    )
    expect(isRejection(codec.decode(codec.encode(withUnit(MAX_HEADER_BYTES - 200))))).toBe(false)
  })

  test('the largest array of numbers fits a message', () => {
    const values = Array.from({ length: 1_000_000 }, Math.random)
    const received = codec.decode(codec.encode(numbersEnvelope(0, { values }))) as Envelope
    expect(received.block).toMatchObject({ rows: 1, columns: 1_000_000 })
    expect(received.block.data.every((value, index) => value === values[index])).toBe(true)
  })

  test('numbers written as integers or floats are the same to a reader', () => {
    const integers = message('numbers/random', { ...NUMBERS, time: 3, values: [3, -4, 2 ** 31] })
    expect(codec.decode(integers)).toMatchObject({
      block: { time: 3, data: Float64Array.of(3, -4, 2 ** 31) },
    })
    const floats = codec.decode([
      Buffer.from('numbers/random'),
      Buffer.concat([
        Buffer.from([0x85, 0xa1]),
        Buffer.from('v'),
        float64(1),
        key('epoch'),
        float64(7),
        key('seq'),
        float64(3),
        key('time'),
        float64(1.5),
        key('values'),
        Buffer.from([0x92]),
        float64(1),
        float64(2.5),
      ]),
    ])
    expect(floats).toEqual(codec.decode(message('numbers/random', NUMBERS)))
  })

  test('unknown header keys are ignored', () => {
    const known = codec.decode(message('video/main', VIDEO, JPEG))
    const more = { ...VIDEO, camera: 'left', settings: { gain: [1, 2] }, __proto__: null, constructor: 1 }
    expect(codec.decode(message('video/main', more, JPEG))).toEqual(known)
  })

  test.each<[string, Message]>([
    ['no parts', []],
    ['a topic alone', [Buffer.from('numbers/random')]],
    ['a topic that breaks the rules', message('numbers/a b', NUMBERS)],
    ['a topic of a megabyte', message(`numbers/${'a'.repeat(2 ** 20)}`, NUMBERS)],
    ['an empty topic', message('', NUMBERS)],
    ['a header that is not msgpack', [Buffer.from('numbers/random'), Buffer.from('{"v":1}')]],
    ['an empty header', [Buffer.from('numbers/random'), Buffer.alloc(0)]],
    ['a header that is an array', message('numbers/random', [1, 2])],
    ['no version', message('numbers/random', { ...NUMBERS, v: undefined })],
    ['a version that is text', message('numbers/random', { ...NUMBERS, v: '1' })],
    ['an epoch over 32 bits', message('numbers/random', { ...NUMBERS, epoch: 2 ** 32 })],
    ['a negative epoch', message('numbers/random', { ...NUMBERS, epoch: -1 })],
    ['no epoch', message('numbers/random', { v: 1, seq: 0, time: 0, values: [1] })],
    ['a seq that is NaN', message('numbers/random', { ...NUMBERS, seq: Number.NaN })],
    ['a seq that is a fraction', message('numbers/random', { ...NUMBERS, seq: 0.5 })],
    ['a seq that is negative', message('numbers/random', { ...NUMBERS, seq: -1 })],
    ['a seq of 2^53', message('numbers/random', { ...NUMBERS, seq: 2 ** 53 })],
    ['a seq of 2^64 - 1', message('numbers/random', { ...NUMBERS, seq: 2n ** 64n - 1n })],
    ['a seq that is text', message('numbers/random', { ...NUMBERS, seq: '3' })],
    ['a time that is infinite', message('numbers/random', { ...NUMBERS, time: Number.POSITIVE_INFINITY })],
    ['a time that is missing', message('numbers/random', { v: 1, epoch: 7, seq: 3, values: [1] })],
    ['retained that is a number', message('numbers/random', { ...NUMBERS, retained: 1 })],
    ['no values', message('numbers/random', POSITION)],
    ['empty values', message('numbers/random', { ...NUMBERS, values: [] })],
    ['values with a NaN', message('numbers/random', { ...NUMBERS, values: [1, Number.NaN] })],
    ['values with text', message('numbers/random', { ...NUMBERS, values: [1, '2'] })],
    ['values with an array', message('numbers/random', { ...NUMBERS, values: [[1]] })],
    ['values that are bytes', message('numbers/random', { ...NUMBERS, values: Buffer.from([1, 2]) })],
    ['rows beyond the bytes', message('numbers/random', { ...POSITION, rows: 3, columns: 1 }, TWO_FLOATS)],
    ['rows below the bytes', message('numbers/random', { ...POSITION, rows: 1, columns: 1 }, TWO_FLOATS)],
    ['rows of 0', message('numbers/random', { ...POSITION, rows: 0, columns: 2 }, Buffer.alloc(0))],
    ['rows of 1.5', message('numbers/random', { ...POSITION, rows: 1.5, columns: 2 }, Buffer.alloc(24))],
    [
      'rows whose product overflows',
      message('numbers/random', { ...POSITION, rows: 2 ** 52, columns: 2 ** 52 }, TWO_FLOATS),
    ],
    [
      'rows whose last seq is beyond 2^53',
      message('numbers/random', { ...POSITION, seq: 2 ** 53 - 1, rows: 2, columns: 1 }, TWO_FLOATS),
    ],
    [
      'a negative interval',
      message('numbers/random', { ...POSITION, rows: 2, columns: 1, interval: -1 }, TWO_FLOATS),
    ],
    ['numbers in 4 parts', message('numbers/random', { ...POSITION, rows: 2, columns: 1 }, TWO_FLOATS, JPEG)],
    ['video without a picture', message('video/main', VIDEO)],
    ['video in 4 parts', message('video/main', VIDEO, JPEG, JPEG)],
    ['a picture that is none', message('video/main', VIDEO, Buffer.from('not a picture'))],
    ['a picture cut short', message('video/main', VIDEO, JPEG.subarray(0, -1))],
    ['a picture of another width', message('video/main', { ...VIDEO, width: 17 }, JPEG)],
    ['a picture of over 64 million pixels', bomb(16_384, 16_384)],
    ['a picture of more pixels than its bytes can hold', bomb(8000, 8000)],
    ['a picture of very many scans', message('video/main', VIDEO, manyScans())],
    ['a picture without a height', message('video/main', { ...VIDEO, height: undefined }, JPEG)],
    ['a format that is a number', message('video/main', { ...VIDEO, format: 1 }, JPEG)],
  ])('refuses %s as invalid', (_, parts) => {
    expect(codec.decode(parts)).toMatchObject({ rejected: 'invalid' })
  })

  test.each<[string, Message]>([
    ['another version', message('numbers/random', { v: 2, something: 'else' })],
    ['version 0', message('numbers/random', { ...NUMBERS, v: 0 })],
    ['another picture format', message('video/main', { ...VIDEO, format: 'webp' }, JPEG)],
    ['another kind', message('smell/room', { ...POSITION, text: 'lilac' })],
  ])('says that %s is unsupported', (_, parts) => {
    expect(codec.decode(parts)).toMatchObject({ rejected: 'unsupported' })
  })

  test('a reason never holds what a peer wrote, so that a storm of refusals is one line in the log', () => {
    const reasons = new Set<string>()
    for (let version = 2; version < 50; version++) {
      const other = codec.decode(message('numbers/random', { v: version }))
      const many = codec.decode(message('video/main', VIDEO, ...Array.from({ length: version }, () => JPEG)))
      for (const result of [other, many]) reasons.add(isRejection(result) ? result.reason : '')
    }
    expect(reasons.size).toBe(2)
  })

  test('every truncation of every part is refused, and never throws', () => {
    for (const envelope of [numbersEnvelope(1), rowsEnvelope(1, 3), frameEnvelope(1)]) {
      const parts = codec.encode(envelope)
      for (const [index, part] of parts.entries()) {
        if (index === 0) continue
        for (let length = 0; length < part.length; length++) {
          const damaged = parts.map((other, at) => (at === index ? other.subarray(0, length) : other))
          expect(codec.decode(damaged)).toMatchObject({ rejected: 'invalid' })
        }
      }
    }
  })

  test('damaged messages and arbitrary bytes never throw, and what is accepted keeps the rules', () => {
    const originals = [
      numbersEnvelope(70_000),
      rowsEnvelope(2 ** 33, 3),
      frameEnvelope(1, { retained: true }),
    ]
    const change = fc.tuple(fc.nat(3), fc.nat(200), fc.nat(255))
    const damaged = fc
      .tuple(fc.constantFrom(...originals), fc.array(change, { minLength: 1, maxLength: 4 }))
      .map(([envelope, changes]) => {
        const parts = codec.encode(envelope).map((part) => Uint8Array.from(part))
        for (const [index, at, byte] of changes) {
          const part = parts.at(index % parts.length)
          if (part && part.length > 0) part[at % part.length] = byte
        }
        return parts
      })
    const junk = fc
      .tuple(fc.constantFrom('numbers/a', 'video/a', 'x/a', ''), fc.array(fc.uint8Array(), { maxLength: 4 }))
      .map(([topic, rest]) => {
        const parts: Uint8Array[] = [Buffer.from(topic)]
        parts.push(...rest)
        return parts
      })
    fc.assert(
      fc.property(fc.oneof(damaged, junk), (parts) => {
        const result = codec.decode(parts)
        if (isRejection(result)) return
        const { block } = result
        expect(Number.isSafeInteger(block.seq)).toBe(true)
        expect(Number.isFinite(block.time)).toBe(true)
        if (block.kind === 'numbers') expect(block.data).toHaveLength(block.rows * block.columns)
        const received = parts.reduce((sum, part) => sum + part.byteLength, 0)
        // A value takes a byte in a header at least, and eight once decoded.
        expect(block.data.byteLength).toBeLessThanOrEqual(8 * received)
      }),
      { numRuns: 1000 },
    )
  })
})

function float64(value: number): Buffer {
  const bytes = Buffer.alloc(9, 0xcb)
  bytes.writeDoubleBE(value, 1)
  return bytes
}

function key(name: string): Buffer {
  return Buffer.concat([Buffer.from([0xa0 + name.length]), Buffer.from(name)])
}
