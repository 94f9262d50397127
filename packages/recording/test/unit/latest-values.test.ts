import { expect, test } from '@jest/globals'
import type { Envelope, Frame, NumbersBlock } from '@zcast/shared'
import { frameEnvelope, numbersEnvelope, rowsEnvelope } from '@zcast/testing/streams/envelopes'
import { LatestValues } from '../../src/latest-values.ts'

const MEBIBYTE = 2 ** 20

function picture(topic: string, data: Uint8Array): Envelope {
  return { topic, epoch: 1, block: { ...(frameEnvelope(0).block as Frame), data } }
}

test('a picture in a large chunk does not hold the chunk', () => {
  const values = new LatestValues()
  const chunk = new Uint8Array(MEBIBYTE).fill(7)
  values.note(picture('video/a', chunk.subarray(10, 1010)))
  const data = values.get('video/a')?.block.data
  expect(data?.buffer.byteLength).toBe(1000)
  expect(data).toEqual(chunk.subarray(10, 1010))
})

test('of rows the last is kept alone, with its number', () => {
  const values = new LatestValues()
  values.note(rowsEnvelope(5, 1000))
  const block = values.get('numbers/random')?.block as NumbersBlock
  expect(block).toMatchObject({ seq: 1004, rows: 1 })
  expect(block.data.buffer.byteLength).toBe(block.columns * 8)
})

test('the largest give way to small ones, whichever came first', () => {
  const values = new LatestValues()
  for (let index = 0; index < 5; index++)
    values.note(picture(`video/${index}`, new Uint8Array((8 + index) * MEBIBYTE)))
  values.note(numbersEnvelope(1))
  const topics = (maxBytes?: number): readonly string[] =>
    values.within(maxBytes).values.map(({ topic }) => topic)
  expect(topics()).toEqual(['numbers/random', 'video/0', 'video/1', 'video/2'])
  expect(values.within().tooLarge.toSorted()).toEqual(['video/3', 'video/4'])
  expect(topics(9 * MEBIBYTE)).toEqual(['numbers/random', 'video/0'])
})
