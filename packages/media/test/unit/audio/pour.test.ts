import { expect, test } from '@jest/globals'
import { Writable } from 'node:stream'
import { pour } from '../../../src/audio/pour.ts'

/** A stream that has room for one chunk at a time. */
function narrow(written: number[] = []): Writable {
  const write = (chunk: Buffer, _: string, done: () => void): void => {
    written.push(chunk.readUInt8())
    setImmediate(done)
  }
  return new Writable({ highWaterMark: 1, write: write as never })
}

test('all of a feed is written, and no listener is left for the times it had to wait', async () => {
  const written: number[] = []
  const into = narrow(written)
  const counts: number[] = []
  async function* feed(): AsyncGenerator<Uint8Array> {
    for (let index = 0; index < 20; index++) {
      counts.push(into.listenerCount('close') + into.listenerCount('drain'))
      yield Buffer.of(index)
    }
  }
  await pour(feed(), into)
  expect(written).toEqual(Array.from({ length: 20 }, (_, index) => index))
  expect(new Set(counts).size).toBe(1)
  expect(into.writableEnded).toBe(true)
})

test('what the feed fails with is thrown, and the stream is ended', async () => {
  const into = narrow()
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield Buffer.of(1)
    throw new Error('the disk is gone')
  }
  await expect(pour(failing(), into)).rejects.toThrow('the disk is gone')
  expect(into.writableEnded).toBe(true)
})

test('a stream that closes ends the feed, which has not failed', async () => {
  const into = narrow()
  let isEnded = false
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (let index = 0; ; index++) {
        if (index === 3) into.destroy()
        yield Buffer.of(index)
      }
    } finally {
      isEnded = true
    }
  }
  await pour(endless(), into)
  expect(isEnded).toBe(true)
})
