import { describe, expect, test } from '@jest/globals'
import type { SoundBlock } from '@zcast/shared'
import { OpusSound } from '../../../src/audio/opus-decoder.ts'
import { OpusEncoder, type OpusPacket } from '../../../src/audio/opus-encoder.ts'

/** Silence, and a tone from 0.5 to 0.6 s. */
function beep(rate: number, channels: number): Buffer {
  const bytes = Buffer.alloc(rate * channels * 2)
  for (let at = Math.round(rate / 2); at < rate * 0.6; at++)
    for (let channel = 0; channel < channels; channel++)
      bytes.writeInt16LE(
        Math.round(16_000 * Math.sin((2 * Math.PI * 500 * at) / rate)),
        (at * channels + channel) * 2,
      )
  return bytes
}

function blockOf({ data, samples }: OpusPacket, rate: number, channels: number): SoundBlock {
  return { kind: 'audio', time: 0, rate, channels, samples, format: 'opus', data }
}

describe('Opus', () => {
  test.each([
    [48_000, 2],
    [48_000, 1],
    [16_000, 1],
  ])('of %d Hz and %d channels is decoded to the same sound at the same place', async (rate, channels) => {
    const encoder = new OpusEncoder({ rate, channels })
    const sound = beep(rate, channels)
    const piece = sound.length / 50
    for (let at = 0; at < sound.length; at += piece) await encoder.write(sound.subarray(at, at + piece))
    const packets = await encoder.end()
    expect(packets.length).toBeGreaterThanOrEqual(50)
    const decoder = new OpusSound()
    let loudAt: number | undefined
    for (const packet of packets) {
      expect(packet.samples).toBe(rate / 50)
      const { format, samples, data } = await decoder.decode(blockOf(packet, rate, channels))
      expect({ format, samples, bytes: data.byteLength }).toEqual({
        format: 's16',
        samples: rate / 50,
        bytes: (rate / 50) * channels * 2,
      })
      const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
      for (let at = 0; at < samples; at++)
        if (Math.abs(view.getInt16(at * channels * 2, true)) > 4000) loudAt ??= packet.at + at
    }
    decoder.close()
    expect(Math.abs((loudAt ?? 0) / rate - 0.5)).toBeLessThan(0.005)
  })

  test('that is none is refused, and what comes then is decoded', async () => {
    const encoder = new OpusEncoder({ rate: 48_000, channels: 1 })
    await encoder.write(beep(48_000, 1))
    const [first = { data: new Uint8Array(), at: 0, samples: 0 }] = await encoder.end()
    const decoder = new OpusSound()
    const bad = blockOf({ data: Uint8Array.from([0xff, 0]), at: 0, samples: 960 }, 48_000, 1)
    await expect(decoder.decode(bad)).rejects.toMatchObject({ code: 'ERR_VALUE' })
    expect(await decoder.decode(blockOf(first, 48_000, 1))).toMatchObject({ samples: 960 })
    decoder.close()
  })
})
