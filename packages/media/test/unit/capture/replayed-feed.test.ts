import { describe, expect, test } from '@jest/globals'
import { PassThrough } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { ReplayedFeed } from '../../../src/capture/replayed-feed.ts'

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text)
}

describe('ReplayedFeed', () => {
  test('a second program gets everything, also what came while the first was ended', async () => {
    let give: (text: string) => void = () => {}
    const later = new Promise<string>((resolve) => (give = resolve))
    const source = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('one ')
      yield Buffer.from(await later)
      yield Buffer.from('three')
    }
    const feed = new ReplayedFeed(source())
    const first = new PassThrough()
    const pouring = feed.pour(first)
    expect(String((await first[Symbol.asyncIterator]().next()).value)).toBe('one ')
    first.destroy()

    const second = new PassThrough()
    const all = buffer(second)
    void feed.pour(second)
    give('two ')
    expect((await all).toString()).toBe('one two three')
    await pouring
  })

  test('what was released is not given again', async () => {
    const feed = new ReplayedFeed(chunks('one ', 'two'))
    const first = new PassThrough()
    const all = buffer(first)
    expect(feed.isWhole).toBe(true)
    feed.release()
    expect(feed.isWhole).toBe(false)
    await feed.pour(first)
    expect((await all).toString()).toBe('one two')
  })

  test('no more than 16 MiB are kept', async () => {
    const chunk = Buffer.alloc(1024 * 1024)
    const feed = new ReplayedFeed(
      (async function* () {
        for (let i = 0; i < 17; i++) yield chunk
      })(),
    )
    const first = new PassThrough()
    const all = buffer(first)
    await feed.pour(first)
    expect((await all).length).toBe(17 * 1024 * 1024)
    expect(feed.isWhole).toBe(false)
  })

  test('a source that fails is the end of the input', async () => {
    const source = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('one')
      throw new Error('broken')
    }
    const stdin = new PassThrough()
    const all = buffer(stdin)
    await new ReplayedFeed(source()).pour(stdin)
    expect((await all).toString()).toBe('one')
  })
})
