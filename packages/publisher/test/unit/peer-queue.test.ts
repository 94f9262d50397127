import { describe, expect, test } from '@jest/globals'
import { peerQueueFor } from '../../src/peer-queue.ts'

describe('peerQueueFor', () => {
  test.each([
    [150_000, 111],
    [16 * 1024 * 1024, 2],
    [1e9, 2],
    [8 * 1024 * 1024, 2],
    [100, 1000],
    [0, 1000],
  ])(
    'numbers in messages of %d bytes: %d may wait, and the system keeps what it likes',
    (bytes, expected) => {
      expect(peerQueueFor(bytes)).toEqual({ highWaterMark: expected })
    },
  )

  test.each([
    [230_000, 1, 2, 149_500],
    [230_000, 4, 5, 149_500],
    [20_000, 1, 2, 65_536],
    [3_000_000, 1, 2, undefined],
    [8 * 1024 * 1024, 6, 2, undefined],
  ])('pictures of %d bytes on %d topics: %d may wait, and %d bytes below', (bytes, topics, mark, buffer) => {
    expect(peerQueueFor(bytes, topics)).toEqual({ highWaterMark: mark, sendBufferBytes: buffer })
  })
})
