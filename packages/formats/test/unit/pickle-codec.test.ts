import { readFileSync } from 'node:fs'
import { deflateSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import { decodeJpeg } from '@zcast/media'
import { isRejection, type Envelope, type NumbersBlock } from '@zcast/shared'
import { testCodecContract } from '@zcast/testing/contracts/codec-contract'
import { numbersEnvelope } from '@zcast/testing/streams/envelopes'
import * as fc from 'fast-check'
import { PickleCodec } from '../../src/pickle/pickle-codec.ts'

/** Made by Python 3.11 and numpy 1.24; those of numpy 2 differ in the name of its module. */
const PICKLES = JSON.parse(
  readFileSync(new URL('../fixtures/pickles.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, string>>

const pickle = (name: string): Buffer => Buffer.from(PICKLES[name] ?? '', 'base64')
const named = (begin: string): string[] => Object.keys(PICKLES).filter((name) => name.startsWith(begin))
const isGood = (name: string): boolean => !name.startsWith('refused')

testCodecContract('PickleCodec', {
  create: () => new PickleCodec(),
  messages: Object.fromEntries(
    Object.keys(PICKLES)
      .filter(isGood)
      .map((name) => [name, [pickle(name)]]),
  ),
  writes: [],
  refusesToWrite: [numbersEnvelope(0)],
})

function numbersOf(name: string): NumbersBlock {
  const result = new PickleCodec().decode([pickle(name)])
  if (isRejection(result)) throw new Error(result.reason)
  return result.block as NumbersBlock
}

function reasonOf(bytes: Uint8Array): string {
  const result = new PickleCodec().decode([bytes])
  if (!isRejection(result)) throw new Error(`read as ${result.topic}`)
  return `${result.rejected}: ${result.reason}`
}

describe('pickles of numpy', () => {
  test.each(named('float64'))('%s is read exactly', (name) => {
    expect(numbersOf(name)).toMatchObject({ rows: 1, columns: 3, data: Float64Array.of(1.5, -2, 8125.25) })
  })

  test.each(named('dtype'))('%s is read as numbers', (name) => {
    const expected = name === 'dtype ?' ? [0, 1, 1] : [0, 1, 2]
    expect([...numbersOf(name).data]).toEqual(expected)
  })

  test.each([...named('fortran'), 'matrix'])('%s is read row by row', (name) => {
    expect(numbersOf(name)).toMatchObject({ rows: 2, columns: 3, data: Float64Array.of(1, 2, 3, 4, 5, 6) })
  })

  test.each(named('frame'))('%s is a picture, in its colours', async (name) => {
    const codec = new PickleCodec()
    const { topic, block } = await codec.complete(codec.decode([pickle(name)]) as Envelope)
    expect(topic).toBe('video/main')
    expect(block).toMatchObject({ kind: 'video', width: 20, height: 16 })
    const { pixels } = await decodeJpeg((block as { data: Uint8Array }).data)
    expect(pixels[0]).toBeGreaterThan(190)
    expect(pixels[2]).toBeLessThan(10)
  })

  test("PyZMQ's recipe for pickles that zlib has compressed is read", () => {
    const result = new PickleCodec().decode([deflateSync(pickle('matrix'))])
    expect(result).toMatchObject({ topic: 'numbers/main', block: { rows: 2, columns: 3 } })
  })

  test.each([
    ['a bomb', deflateSync(Buffer.alloc(64 * 2 ** 20))],
    ['half of one', deflateSync(pickle('matrix')).subarray(0, 20)],
  ])('%s of zlib is refused', (_, bytes) => {
    expect(new PickleCodec().decode([bytes])).toMatchObject({ rejected: 'invalid' })
  })

  test('a topic may come before the pickle', () => {
    const result = new PickleCodec().decode([Buffer.from('imu'), pickle('matrix')])
    expect(result).toMatchObject({ topic: 'numbers/imu', arrivalTime: true })
  })
})

describe('a pickle that is something else', () => {
  test.each([
    ['os.system protocol 2', 'asks for "posix.system"'],
    ['os.system protocol 4', 'asks for "posix.system"'],
    ['os.system protocol 5', 'asks for "posix.system"'],
    ['eval', 'asks for "builtins.eval"'],
    ['evil in an array', 'something other than plain numbers'],
    ['numpy scalar', 'asks for "numpy.core.multiarray.scalar"'],
    ['list', 'not that of an array'],
    ['dict', 'not that of an array'],
    ['text', 'not that of an array'],
    ['datetime', 'something other than plain numbers'],
    ['structured', 'something other than plain numbers'],
    ['complex', 'something other than plain numbers'],
    ['protocol 0', 'not a pickle'],
    ['empty', 'the array is empty'],
    ['three dimensions', 'more than two dimensions'],
  ])('%s is refused by name, and nothing of it is run', (name, reason) => {
    const refusal = reasonOf(pickle(`refused ${name}`))
    expect(refusal).toMatch(/^invalid: /)
    expect(refusal).toContain(reason)
  })

  // PROTO 4, and then what it says.
  const steps = (...parts: (number | string)[]): Buffer =>
    Buffer.concat([
      Buffer.of(0x80, 4),
      ...parts.map((part) => (typeof part === 'number' ? Buffer.of(part) : Buffer.from(part, 'latin1'))),
    ])

  test.each([
    [
      'remembers without end',
      steps('N', ...Array.from({ length: 300 }, () => 0x94), '.'),
      'remembers too much',
    ],
    ['remembers far away', steps('Nr', '\xff\xff\xff\x7f', '.'), 'remembers too much'],
    ['fills its stack', steps('N'.repeat(300), '.'), 'too much of a stack'],
    ['never ends', steps('N0'.repeat(4), '('.repeat(200), ...Array.from({ length: 5000 }, () => 0x94)), ''],
    ['claims a length of 2^60', steps(0x8e, '\0\0\0\0\0\0\0\x10', '.'), 'ends early'],
    ['recalls what is not there', steps('h', 9, '.'), 'not remembered'],
    ['calls a text', steps('X', '\x01\0\0\0a', ')R.'), 'something other than an array'],
    ['takes from nothing', steps('R.'), 'takes more than there is'],
    ['has a tuple without a mark', steps('t.'), 'takes more than there is'],
    ['goes on after its end', Buffer.concat([pickle('matrix'), Buffer.from('N.')]), 'more than an array'],
    [
      'has an array without bytes',
      steps('cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n', 0x85, 'R.'),
      'not that of an array',
    ],
    [
      'encodes otherwise',
      steps('c_codecs\nencode\nX', '\x01\0\0\0aX', '\x05\0\0\0rot13', 0x86, 'R.'),
      'something other than an array',
    ],
    ['names a prototype', steps('c__proto__\ntoString\n', ')R.'), 'asks for'],
    ['is of protocol 9', Buffer.of(0x80, 9, 0x4e, 0x2e), 'none of the protocols'],
  ])('one that %s is refused', (_, bytes, reason) => {
    expect(reasonOf(bytes)).toContain(reason)
  })

  test('steps at random are read as an array or refused, within their limits', () => {
    const known = Buffer.from(
      '()BCJKMNRTUXbchjqrt\x80\x85\x86\x87\x88\x89\x8a\x8c\x8d\x8e\x93\x94\x95\x96.',
      'latin1',
    )
    const step = fc.oneof(
      fc.constantFrom(...known).map((code) => Buffer.of(code)),
      fc.constantFrom(
        Buffer.from('cnumpy\ndtype\n'),
        Buffer.from('cnumpy\nndarray\n'),
        Buffer.from('cnumpy.core.multiarray\n_reconstruct\n'),
        Buffer.from('c_codecs\nencode\n'),
        Buffer.from('U\x02f8', 'latin1'),
        Buffer.from('K\x01'),
      ),
      fc.uint8Array({ maxLength: 3 }).map((bytes) => Buffer.from(bytes)),
    )
    const codec = new PickleCodec()
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (parts) => {
        const result = codec.decode([Buffer.concat([Buffer.of(0x80, 4), ...parts, Buffer.from('.')])])
        expect(isRejection(result) ? result.rejected : result.topic).toMatch(/^(?:invalid|numbers\/|video\/)/)
      }),
      { numRuns: 500 },
    )
  })

  test('names without end share one reason, so that the log cannot be filled', () => {
    const codec = new PickleCodec()
    const reasons = Array.from({ length: 100 }, (_, index) => {
      const result = codec.decode([Buffer.from(`\x80\x04cos\nf${index}\n.`, 'latin1')])
      return isRejection(result) ? result.reason : ''
    })
    expect(new Set(reasons).size).toBe(17)
  })
})
