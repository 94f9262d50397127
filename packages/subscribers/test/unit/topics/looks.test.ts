import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { Packr } from 'msgpackr'
import { MsgpackCodec } from '@zcast/shared'
import { jpegShell } from '@zcast/testing/streams/envelopes'
import { AnyReader } from '../../../src/topics/any-reader.ts'

const PICTURE = jpegShell(16, 9)
const packr = new Packr({ useRecords: false })
const bytes = (part: string | Uint8Array): Uint8Array => (typeof part === 'string' ? Buffer.from(part) : part)
const message = (...parts: (string | Uint8Array)[]): Uint8Array[] => parts.map(bytes)
const look = (...parts: (string | Uint8Array)[]): object => {
  const reader = new AnyReader()
  const given = message(...parts)
  const { format, description, kind } = reader.look(given)
  return { topic: reader.sight(given)?.topic, format, description, kind }
}

/** What `pickle.dumps(3)` writes, by protocol 4. */
const PICKLE = Buffer.from('80044b032e', 'hex')

describe('what a message looks like', () => {
  test('JSON after a topic', () => {
    expect(look('temp', '{"temp": 21, "hum": 40}')).toMatchObject({
      topic: 'temp',
      format: 'json',
      description: 'JSON with temp, hum',
    })
  })

  test('msgpack after a topic', () => {
    expect(look('imu', packr.pack({ ax: 1 }))).toMatchObject({
      topic: 'imu',
      format: 'msgpack',
      description: 'msgpack with ax',
    })
  })

  test('a text whose first word is its topic, as send_string writes it', () => {
    expect(look('10001 21 40')).toMatchObject({ topic: '10001', format: 'text', description: 'text' })
  })

  test('texts whose words are others than those before', () => {
    const reader = new AnyReader()
    const texts = ['10001 21', '10001 22', '1000 21', '100012 3', '10001', '10001 ', '10001 4', 'two words']
    const topics = texts.map((text) => reader.sight(message(text))?.topic)
    expect(topics).toEqual(['10001', '10001', '1000', '100012', '', '', '10001', 'two'])
  })

  test('JSON behind a topic in the same part, with a blank between them or without', () => {
    const expected = { topic: 'temp', format: 'json', description: 'JSON with a' }
    expect(look('temp {"a": 1}')).toMatchObject(expected)
    expect(look('temp{"a": 1}')).toMatchObject(expected)
  })

  test('JSON without a topic', () => {
    expect(look('{"temp": 21}')).toMatchObject({ topic: '', format: 'json' })
    expect(look('[1, 2, 3]')).toMatchObject({ topic: '', format: 'json', description: 'JSON array of 3' })
  })

  test('a pickle, which is not read', () => {
    expect(look(PICKLE)).toMatchObject({
      topic: '',
      format: 'pickle',
      description: 'a Python pickle, protocol 4',
    })
  })

  test('the picture of a camera of imagezmq, with its name', () => {
    const expected = { topic: 'rpi1', format: 'imagezmq', kind: 'video' }
    expect(look('{"msg": "rpi1"}', PICTURE)).toMatchObject(expected)
    const raw = look('{"msg": "rpi1", "dtype": "uint8", "shape": [2, 3, 3]}', new Uint8Array(18))
    expect(raw).toMatchObject({ ...expected, description: '3x2 raw picture' })
  })

  test('a picture of NetGear, and its end', () => {
    expect(look('{"terminate_flag": false, "compression": {}}', PICTURE)).toMatchObject({
      format: 'netgear',
      kind: 'video',
    })
    expect(look('{"terminate_flag": true}')).toMatchObject({
      format: 'netgear',
      description: 'a notice without a picture',
    })
  })

  test('a picture after a topic, with its size', () => {
    expect(look('cam', PICTURE)).toMatchObject({
      topic: 'cam',
      format: 'jpeg',
      kind: 'video',
      description: expect.stringMatching(/^\d+x\d+ JPEG$/),
    })
  })

  test('bytes that are nothing known', () => {
    expect(look('blob', Uint8Array.of(200, 201, 202))).toMatchObject({
      topic: 'blob',
      format: 'raw',
      description: '3 bytes',
    })
    expect(look(Uint8Array.of(0, 1), Uint8Array.of(2))).toMatchObject({ topic: '', format: 'raw' })
  })

  test('a message of zcast, with the names of its columns', () => {
    const block = {
      kind: 'numbers',
      seq: 1,
      time: 2,
      rows: 1,
      columns: 2,
      data: Float64Array.of(1, 2),
      names: ['a', 'b'],
      units: ['g', ''],
    } as const
    const [topic = '', header = ''] = new MsgpackCodec().encode({ topic: 'numbers/imu', epoch: 3, block })
    expect(look(topic, header)).toEqual({
      topic: 'numbers/imu',
      format: 'zcast',
      kind: 'numbers',
      description: 'a (g), b',
    })
  })

  test('a message whose topic is one of zcast, but whose header is not, is that of another program', () => {
    expect(look('numbers/imu', '{"a": 1}')).toMatchObject({ topic: 'numbers/imu', format: 'json' })
  })

  test('what publishers and subscribers say to each other is no value of a topic', () => {
    const reader = new AnyReader()
    expect(reader.sight(message('!topics', 'x'))).toBeUndefined()
    expect(reader.sight(message('!lane/AAAA/video/main', 'x', 'y'))).toBeUndefined()
  })

  test('is told of any bytes, and never throws', () => {
    const part = fc.oneof(fc.uint8Array({ maxLength: 80 }), fc.string().map(bytes), fc.json().map(bytes))
    fc.assert(
      fc.property(fc.array(part, { maxLength: 4 }), (parts) => {
        const reader = new AnyReader()
        reader.sight(parts)
        expect(typeof reader.look(parts).description).toBe('string')
      }),
    )
  })
})
