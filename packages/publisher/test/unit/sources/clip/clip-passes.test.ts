import { describe, expect, test } from '@jest/globals'
import type { ClipPlace } from '../../../../src/sources/clip/clip-place.ts'
import { clipPasses, type ClipPicture } from '../../../../src/sources/clip/clip-passes.ts'

const PASS = [1, 2, 3].map((value, index) => ({
  output: '',
  index,
  at: index / 25,
  width: 16,
  height: 16,
  data: new Uint8Array(10).fill(value),
}))
const OPTIONS = { again: () => true, name: 'clip.mp4' }

/** A clip that can be read, and how often it was. */
class Clip {
  passes = 0
  readonly read = async function* (this: Clip, from: ClipPlace | undefined): AsyncGenerator<ClipPicture> {
    this.passes++
    yield* PASS.slice(from?.next)
  }.bind(this)
}

const placeOf = (next: number): ClipPlace => ({ known: { index: next, at: next / 25 }, next })

async function values(pictures: AsyncIterable<ClipPicture>, count = Infinity): Promise<number[]> {
  const values: number[] = []
  for await (const picture of pictures) if (values.push(picture.data[0] ?? 0) >= count) break
  return values
}

describe('clipPasses', () => {
  test('there is no further pass unless it is asked for', async () => {
    const clip = new Clip()
    expect(await values(clipPasses(clip.read, { ...OPTIONS, again: () => false }))).toEqual([1, 2, 3])
    expect(clip.passes).toBe(1)
  })

  test('the clip is read again and again', async () => {
    const clip = new Clip()
    expect(await values(clipPasses(clip.read, OPTIONS), 7)).toEqual([1, 2, 3, 1, 2, 3, 1])
    expect(clip.passes).toBe(3)
  })

  test('a first pass from the middle goes on with the whole clip', async () => {
    const clip = new Clip()
    expect(await values(clipPasses(clip.read, { ...OPTIONS, from: placeOf(1) }), 6)).toEqual([
      2, 3, 1, 2, 3, 1,
    ])
  })

  test('a first pass from behind the last picture goes on with the next pass', async () => {
    expect(await values(clipPasses(new Clip().read, { ...OPTIONS, from: placeOf(3) }), 2)).toEqual([1, 2])
  })

  test('a pass without pictures is an error, not a reason to begin again', async () => {
    async function* nothing(): AsyncGenerator<ClipPicture> {}
    await expect(values(clipPasses(nothing, OPTIONS))).rejects.toMatchObject({ code: 'ERR_SOURCE_FAILED' })
    const whyEmpty = (): string => 'is empty: fill it'
    await expect(values(clipPasses(nothing, { ...OPTIONS, whyEmpty }))).rejects.toThrow(
      '"clip.mp4" is empty: fill it',
    )
  })
})
