import { expect, test } from '@jest/globals'
import { LivePicture } from '../../../src/pictures/live-pictures.ts'
import { ResizedPictures } from '../../../src/pictures/resized-pictures.ts'

function picture(): LivePicture {
  const data = new Uint8Array(10)
  const frame = { kind: 'video', seq: 0, time: 0, width: 64, height: 48, format: 'jpeg', data } as const
  return new LivePicture({ topic: 'video/main', epoch: 1, block: frame }, frame)
}

/** Asks for widths one after the other. @returns Those that had to be made. */
async function ask(
  resized: ResizedPictures,
  of: LivePicture,
  widths: readonly number[],
  bytes = 1000,
): Promise<number[]> {
  const made: number[] = []
  for (const width of widths) {
    await resized.get(of, width, async () => {
      made.push(width)
      return new Uint8Array(bytes)
    })
  }
  return made
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, index) => from + index)

test('makes a size once for all who ask for it', async () => {
  const resized = new ResizedPictures()
  const shown = picture()
  expect(await ask(resized, shown, [320, 320, 640, 320])).toEqual([320, 640])
  expect(await ask(resized, picture(), [320])).toEqual([320])
})

test('keeps the eight that were asked for last, however many sizes somebody asks for', async () => {
  const resized = new ResizedPictures()
  const shown = picture()
  await ask(resized, shown, range(100, 4000))
  expect(await ask(resized, shown, range(3992, 4000))).toEqual([])
  expect(await ask(resized, shown, [3991])).toEqual([3991])
})

test('keeps no more than 16 MiB', async () => {
  const resized = new ResizedPictures()
  const shown = picture()
  const FIVE_MIB = 5 * 2 ** 20
  await ask(resized, shown, [1, 2, 3, 4], FIVE_MIB)
  expect(await ask(resized, shown, [2, 3, 4], FIVE_MIB)).toEqual([])
  expect(await ask(resized, shown, [1], FIVE_MIB)).toEqual([1])
})

test('tries again what failed', async () => {
  const resized = new ResizedPictures()
  const shown = picture()
  await expect(resized.get(shown, 1, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await ask(resized, shown, [1])).toEqual([1])
})
