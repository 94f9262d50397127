import { expect, test } from '@jest/globals'
import { openPcm, STREAM_SOUND } from '../../../src/audio/pcm-stream.ts'
import { wavHeader } from '../../../src/audio.ts'

const RATE = 48_000
const HEADER = wavHeader({ rate: RATE, channels: 1 }, RATE * 2)
const SECOND = Buffer.alloc(RATE * 2, 1)

/** Reads a feed as sound, and tells the number of bytes that came so far. */
async function read(feed: AsyncIterable<Uint8Array>, onBytes: (bytes: number) => void): Promise<void> {
  let bytes = 0
  const options = { name: '-', input: STREAM_SOUND, rate: RATE, channels: 1, feed }
  for await (const chunk of openPcm(options, new AbortController().signal))
    onBytes((bytes += chunk.byteLength))
}

test('what a feed fails with is thrown after the sound that came before', async () => {
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield HEADER
    yield SECOND
    throw new Error('the disk is gone')
  }
  let came = 0
  await expect(read(failing(), (bytes) => (came = bytes))).rejects.toThrow('the disk is gone')
  expect(came).toBe(SECOND.byteLength)
})
