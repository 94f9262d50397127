import { describe, expect, test } from '@jest/globals'
import { decodeJpeg } from '@zcast/media'
import { isRejection, MAX_MESSAGE_BYTES, type Envelope, type Message } from '@zcast/shared'
import { testCodecContract } from '@zcast/testing/contracts/codec-contract'
import { frameEnvelope, jpegShell, numbersEnvelope } from '@zcast/testing/streams/envelopes'
import { ImagezmqCodec } from '../../src/imagezmq/imagezmq-codec.ts'

const JPEG = jpegShell(32, 16)

function message(header: unknown, ...parts: Uint8Array[]): Message {
  return [Buffer.from(typeof header === 'string' ? header : JSON.stringify(header)), ...parts]
}

/** What `send_image` sends of a picture of one colour. */
function pixels(shape: readonly number[], colour: readonly number[]): Message {
  const size = shape.reduce((product, side) => product * side, 1)
  const data = Uint8Array.from({ length: size }, (_, index) => colour.at(index % colour.length) as number)
  return message({ msg: 'cam', dtype: 'uint8', shape }, data)
}

testCodecContract('ImagezmqCodec', {
  create: () => new ImagezmqCodec(),
  messages: {
    'a JPEG': message({ msg: 'pi' }, JPEG),
    'the pixels of a picture': pixels([16, 20, 3], [1, 2, 3]),
    'the pixels of a grey picture': pixels([16, 20], [7]),
    'a JPEG that was sent as an array': message({ msg: 'pi', dtype: 'uint8', shape: [JPEG.length, 1] }, JPEG),
    'keys of others': message({ msg: 'pi', fps: 3, seq: 'x', epoch: -1, time: null }, JPEG),
    "an array of PyZMQ's recipe": message({ dtype: 'uint8', shape: [16, 20] }, Buffer.alloc(320)),
    'a name that is no text': message({ msg: ['pi', 3] }, JPEG),
  },
  writes: [
    frameEnvelope(3, { topic: 'video/cam', epoch: 9, time: 12.5 }),
    frameEnvelope(0, { topic: 'video/cam', epoch: 9, time: 12.5, retained: true }),
  ],
  refusesToWrite: [numbersEnvelope(0)],
})

describe('imagezmq', () => {
  const codec = new ImagezmqCodec()

  test('a picture is written as an imagezmq hub reads it: a header with the name of the camera, and a JPEG', () => {
    const [head, picture, ...rest] = codec.encode(
      frameEnvelope(3, { topic: 'video/cam', epoch: 9, time: 12.5 }),
    )
    expect(JSON.parse(Buffer.from(head ?? '').toString())).toEqual({
      msg: 'cam',
      seq: 3,
      epoch: 9,
      time: 12.5,
    })
    expect(picture).toEqual(jpegShell(16, 9))
    expect(rest).toEqual([])
  })

  test('what the header does not say stays unknown', () => {
    const result = codec.decode(message({ msg: 'Pi 1' }, JPEG))
    expect(result).toEqual({
      topic: 'video/Pi-1',
      arrivalTime: true,
      block: {
        kind: 'video',
        seq: undefined,
        time: expect.any(Number),
        width: 32,
        height: 16,
        format: 'jpeg',
        data: JPEG,
      },
    })
  })

  test.each([
    ['BGR', [16, 20, 3], [10, 20, 200], [200, 20, 10]],
    ['BGRA', [16, 20, 4], [10, 20, 200, 255], [200, 20, 10]],
    ['grey', [16, 20], [90], [90, 90, 90]],
    ['grey with one channel', [16, 20, 1], [90], [90, 90, 90]],
  ])('%s pixels become a JPEG of their colours once they are delivered', async (_, shape, colour, rgb) => {
    const read = codec.decode(pixels(shape, colour)) as Envelope
    const { topic, block } = await codec.complete(read)
    expect(topic).toBe('video/cam')
    if (block.kind !== 'video') throw new Error('not a picture')
    expect(block).toMatchObject({ width: 20, height: 16, format: 'jpeg' })
    expect(block).not.toHaveProperty('channels')
    const { pixels: seen } = await decodeJpeg(block.data)
    for (const [index, value] of rgb.entries())
      expect(Math.abs((seen.at(index) as number) - value)).toBeLessThan(6)
  })

  test('a picture that came as a JPEG is delivered as it came', () => {
    const read = codec.decode(message({ msg: 'pi' }, JPEG)) as Envelope
    expect(codec.complete(read)).toBe(read)
  })

  test.each([
    ['no parts', [], 'not a header and a picture'],
    ['only a header', message({ msg: 'a' }), 'not a header and a picture'],
    ['three parts', message({ msg: 'a' }, JPEG, JPEG), 'not a header and a picture'],
    ['a header that is no JSON', message('{"msg": ', JPEG), 'not a JSON object'],
    ['a header that is a list', message([1], JPEG), 'not a JSON object'],
    ['a header that nests without end', message('['.repeat(60_000), JPEG), 'not a JSON object'],
    ['a header of a megabyte', message({ msg: 'x'.repeat(2 ** 20) }, JPEG), 'over 65536 bytes'],
    ['no name', message({}, JPEG), 'no msg'],
    ['a picture that is none', message({ msg: 'a' }, Buffer.from('00')), 'not a complete JPEG'],
    ['half a picture', message({ msg: 'a' }, JPEG.subarray(0, 20)), 'not a complete JPEG'],
    ['too few pixels', message({ msg: 'a', dtype: 'uint8', shape: [9, 9, 3] }, JPEG), 'does not match'],
    [
      'a negative size',
      message({ msg: 'a', dtype: 'uint8', shape: [-1, 9, 3] }, JPEG),
      'not that of a picture',
    ],
    [
      'a size that is no number',
      message({ msg: 'a', dtype: 'uint8', shape: ['9', 9] }, JPEG),
      'not that of a picture',
    ],
    ['no size', message({ msg: 'a', dtype: 'uint8' }, JPEG), 'not that of a picture'],
    [
      'four dimensions',
      message({ msg: 'a', dtype: 'uint8', shape: [1, 1, 1, 3] }, JPEG),
      'not that of a picture',
    ],
    ['a giant', message({ msg: 'a', dtype: 'uint8', shape: [60_000, 60_000] }, JPEG), 'pixels'],
  ] as const)('%s is refused as invalid', (_, parts, reason) => {
    expect(codec.decode(parts)).toMatchObject({
      rejected: 'invalid',
      reason: expect.stringContaining(reason),
    })
  })

  test.each([
    ['float pixels', { dtype: 'float32', shape: [1, 1, 3] }],
    ['two channels', { dtype: 'uint8', shape: [16, 20, 2] }],
  ])('%s are refused as unsupported', (_, array) => {
    expect(codec.decode(message({ msg: 'a', ...array }, Buffer.alloc(640)))).toMatchObject({
      rejected: 'unsupported',
      topic: 'video/a',
    })
  })

  test('a picture that does not fit a message is not written', () => {
    const { block, ...rest } = frameEnvelope(0)
    const large = { ...rest, block: { ...block, data: new Uint8Array(MAX_MESSAGE_BYTES) } } as Envelope
    expect(() => codec.encode(large)).toThrow(expect.objectContaining({ code: 'ERR_MESSAGE_SIZE' }))
  })

  test.each([
    ['cam 1', 'video/cam-1'],
    ['video/garden', 'video/garden'],
    ['/dev/video0', 'video/dev-video0'],
    ['Café', 'video/Cafe'],
    ['', 'video/main'],
    ['../../etc', 'video/..-..-etc'],
    ['numbers/x', 'video/numbers-x'],
  ])('the camera %j is the stream %s', (msg, topic) => {
    expect(codec.decode(message({ msg }, JPEG))).toMatchObject({ topic })
  })

  test('names that differ only in letters a topic cannot have stay apart', () => {
    const topics = ['камера', 'гараж1', 'x'.repeat(100), `${'x'.repeat(100)}y`].map((msg) => {
      const result = codec.decode(message({ msg }, JPEG))
      return isRejection(result) ? result.reason : result.topic
    })
    expect(new Set(topics).size).toBe(4)
  })
})
