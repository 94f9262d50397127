import { PassThrough, Readable } from 'node:stream'
import { describe, expect, test } from '@jest/globals'
import type { SoundBlock } from '@zcast/shared'
import { run, take, testSourceContract } from '@zcast/testing/contracts/source-contract'
import { parseSoundSource } from '../../../../src/sources/audio/sound-sources.ts'

const bare = (stdin: Readable): ReturnType<ReturnType<typeof parseSoundSource>['open']> =>
  parseSoundSource('-').open({ stdin, rate: 1000, channels: 1 })

testSourceContract('bare samples on standard input', {
  kind: 'audio',
  create: () => bare(Readable.from([Buffer.alloc(4000, 1)])),
  intervalSeconds: 0.02,
})

describe('bare samples on standard input', () => {
  test('are sent as they came, whatever pieces they came in, and end with a shorter message', async () => {
    const bytes = Buffer.from(Array.from({ length: 110 }, (_, n) => n))
    const pieces = [bytes.subarray(0, 3), bytes.subarray(3, 50), bytes.subarray(50)]
    const blocks: SoundBlock[] = []
    for await (const block of (await bare(Readable.from(pieces))).blocks(run()))
      blocks.push(block as SoundBlock)
    expect(blocks.map(({ samples }) => samples)).toEqual([20, 20, 15])
    expect(Buffer.concat(blocks.map(({ data }) => data))).toEqual(bytes)
  })

  test('that stop for a while do not hold up the end', async () => {
    const controller = new AbortController()
    const stdin = new PassThrough()
    stdin.write(Buffer.alloc(40))
    let count = 0
    for await (const _ of (await bare(stdin)).blocks(run(controller.signal))) {
      count++
      setTimeout(() => controller.abort(), 10)
    }
    expect(count).toBe(1)
  })
})

describe('the text of a source of sound', () => {
  test('may name the pitch of a tone', async () => {
    const [block] = await take(await parseSoundSource('tone:100').open({ rate: 1000 }), 1)
    expect(block).toMatchObject({ kind: 'audio', rate: 1000, channels: 1 })
  })

  test.each(['tone:high', 'http://127.0.0.1/x', 'rtsp://camera/x'])('%s is refused', (text) => {
    expect(() => parseSoundSource(text)).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
  })
})
