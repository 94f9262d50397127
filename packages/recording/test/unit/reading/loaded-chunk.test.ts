import { expect, test } from '@jest/globals'
import { McapRecordBuilder } from '@mcap/core'
import { LoadedChunk } from '../../../src/reading/loaded-chunk.ts'

/** The records of a chunk: messages of channels, one each second. */
function recordsOf(messages: readonly (readonly [channelId: number, text: string])[]): Uint8Array {
  const builder = new McapRecordBuilder()
  for (const [at, [channelId, text]] of messages.entries()) {
    const time = BigInt(at + 1) * 1_000_000_000n
    builder.writeMessage({
      channelId,
      sequence: at,
      logTime: time,
      publishTime: time,
      data: Buffer.from(text),
    })
  }
  return Uint8Array.from(builder.buffer)
}

function textsOf(chunk: LoadedChunk): readonly string[] {
  return [...chunk.times].map((time, index) => {
    const text = Buffer.from(chunk.data(index)).toString()
    return `${time} ${chunk.channels[index]} ${text}`
  })
}

test('of a chunk, the messages of some channels are kept alone, without holding the memory of the others', () => {
  const large = 'x'.repeat(10_000)
  const chunk = new LoadedChunk(
    recordsOf([
      [1, large],
      [2, 'lost'],
      [1, large],
      [3, 'a line'],
      [2, 'lost again'],
    ]),
  )
  const notes = chunk.only(new Set([2, 3]))
  expect(textsOf(notes)).toEqual(['2 2 lost', '4 3 a line', '5 2 lost again'])
  expect(notes.bytes.buffer.byteLength).toBeLessThan(200)
  expect(textsOf(chunk.only(new Set([4])))).toEqual([])
})
