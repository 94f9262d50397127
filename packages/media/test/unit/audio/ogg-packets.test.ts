import { describe, expect, test } from '@jest/globals'
import { OggPackets } from '../../../src/audio/ogg-packets.ts'

function page(segments: readonly number[], body: Buffer): Buffer {
  const head = Buffer.alloc(27)
  head.write('OggS', 'latin1')
  head.writeUInt8(segments.length, 26)
  return Buffer.concat([head, Buffer.from(segments), body])
}

describe('packets of an Ogg stream', () => {
  const bytes = Buffer.from(Array.from({ length: 600 }, (_, at) => at % 251))
  const stream = Buffer.concat([
    page([3], bytes.subarray(0, 3)),
    page([255, 45, 0, 255], bytes.subarray(3, 558)),
    page([42], bytes.subarray(558, 600)),
  ])
  const expected = [
    bytes.subarray(0, 3),
    bytes.subarray(3, 303),
    bytes.subarray(0, 0),
    bytes.subarray(303, 600),
  ]

  test.each([1, 7, 100, 10_000])('are those that were put in, read in chunks of %d', (size) => {
    const ogg = new OggPackets()
    const packets: Buffer[] = []
    for (let at = 0; at < stream.length; at += size) packets.push(...ogg.push(stream.subarray(at, at + size)))
    expect(packets.map((packet) => packet.toString('hex'))).toEqual(
      expected.map((packet) => packet.toString('hex')),
    )
  })

  test('are not looked for in anything else', () => {
    expect(() => new OggPackets().push(Buffer.alloc(100))).toThrow('no Ogg stream')
  })
})
