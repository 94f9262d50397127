import { describe, expect, test } from '@jest/globals'
import { testCodecContract } from '@zcast/testing/contracts/codec-contract'
import { frameEnvelope, jpegShell, numbersEnvelope } from '@zcast/testing/streams/envelopes'
import type { Message } from '@zcast/shared'
import { NetgearCodec } from '../../src/netgear/netgear-codec.ts'

const JPEG = jpegShell(32, 16)

const HEADER = {
  terminate_flag: false,
  compression: { dct: true, ups: false, colorspace: 'BGR' },
  message: null,
  pattern: '2',
  dtype: '',
  shape: '',
}

function message(header: object, ...parts: Uint8Array[]): Message {
  return [Buffer.from(JSON.stringify(header)), ...parts]
}

const PIXELS = { ...HEADER, compression: false, dtype: 'uint8', shape: [2, 2, 3] }

testCodecContract('NetgearCodec', {
  create: () => new NetgearCodec(),
  messages: {
    'a JPEG': message(HEADER, JPEG),
    'a JPEG of an older NetGear': message(
      { ...HEADER, compression: '.jpg', dtype: 'uint8', shape: [JPEG.length, 1] },
      JPEG,
    ),
    pixels: message(PIXELS, Buffer.alloc(12)),
    'a picture with data beside it': message({ ...HEADER, message: { temp: [1] } }, JPEG),
    'a picture of one of several senders': message({ ...HEADER, port: '5577' }, JPEG),
  },
  writes: [frameEnvelope(3, { topic: 'video/cam', epoch: 9, time: 12.5 })],
  refusesToWrite: [numbersEnvelope(0)],
})

describe('NetGear', () => {
  const codec = new NetgearCodec(1)

  test("a picture is written with NetGear's keys, and zcast's own beside them", () => {
    const [head, picture] = codec.encode(frameEnvelope(3, { topic: 'video/cam', epoch: 9, time: 12.5 }))
    expect(JSON.parse(Buffer.from(head ?? '').toString())).toEqual({
      ...HEADER,
      pattern: '1',
      stream: 'cam',
      seq: 3,
      epoch: 9,
      time: 12.5,
    })
    expect(picture).toEqual(jpegShell(16, 9))
  })

  test('several senders are told apart by their ports', () => {
    expect(codec.decode(message({ ...HEADER, port: '5577' }, JPEG))).toMatchObject({
      topic: 'video/port-5577',
    })
    expect(codec.decode(message({ ...HEADER, port: 5578 }, JPEG))).toMatchObject({ topic: 'video/port-5578' })
    expect(codec.decode(message(HEADER, JPEG))).toMatchObject({ topic: 'video/main' })
  })

  test.each([
    ['alone', message({ terminate_flag: true })],
    ['with its port', message({ terminate_flag: true, port: '5577' })],
    ['with a picture', message({ ...HEADER, terminate_flag: true }, JPEG)],
  ])('the end of a sender, %s, is neither a picture nor an error', (_, end) => {
    expect(codec.decode(end)).toMatchObject({ rejected: 'unwanted' })
  })

  test.each([
    ['no parts', [], 'not a header and a picture'],
    ['a header alone', message(HEADER), 'not a header and a picture'],
    ['three parts', message(HEADER, JPEG, JPEG), 'not a header and a picture'],
    ['no flag', message({ message: 1 }, JPEG), 'no terminate_flag'],
    ['a flag that is none', message({ ...HEADER, terminate_flag: 'true' }, JPEG), 'no terminate_flag'],
    ['text', [Buffer.from('hello'), JPEG], 'not a JSON object'],
    ['no picture', message(HEADER, Buffer.alloc(9)), 'not a complete JPEG'],
    ['too few pixels', message(PIXELS, Buffer.alloc(11)), 'does not match'],
  ] as const)('%s is refused as invalid', (_, parts, reason) => {
    expect(codec.decode(parts)).toMatchObject({
      rejected: 'invalid',
      reason: expect.stringContaining(reason),
    })
  })
})
