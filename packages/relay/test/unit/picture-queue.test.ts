import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { frame } from '@zcast/testing/streams/list-source'
import { until } from '@zcast/testing/waiting/until'
import { PictureQueue } from '../../src/picture-queue.ts'
import type { CarriedEnvelope } from '../../src/relay-codec.ts'
import { WaitingPictures } from '../../src/waiting-pictures.ts'

const MEBIBYTE = 1024 * 1024

/** Some topics, and what of each was handed on: the number of each picture, and of those told to be left out before it. */
function open(isOtherFormat = false) {
  const seen = { waiting: 0, most: 0, leftOut: 0 }
  const pictures = new WaitingPictures((bytes) => {
    seen.waiting += bytes
    seen.most = Math.max(seen.most, seen.waiting)
  })
  let release: () => void = () => undefined
  const held = new Promise<void>((resolve) => (release = resolve))
  const topic = () => {
    const handed: [seq: number | undefined, withheld: number | undefined][] = []
    const queue = new PictureQueue({
      isOtherFormat,
      pictures,
      hand: async ({ block, withheld }) => {
        await held
        handed.push([block.seq, withheld])
      },
      onLeftOut: () => (seen.leftOut += 1),
    })
    return { queue, handed }
  }
  return { seen, topic, release }
}

const data = new Uint8Array(10 * MEBIBYTE)

function picture(seq: number, rest: Partial<CarriedEnvelope> = {}): CarriedEnvelope {
  return { topic: 'video/cam', epoch: 1, block: { ...frame(1), seq, data }, ...rest }
}

test('all topics share 64 MiB: the oldest pictures of any are left out, and those below are told', async () => {
  const { seen, topic, release } = open()
  const [first, second] = [topic(), topic()]
  // One of each is on its way, and no longer left out.
  first.queue.add(picture(0))
  second.queue.add(picture(0))
  for (let seq = 1; seq < 5; seq++) first.queue.add(picture(seq, { withheld: seq === 1 ? 7 : 0 }))
  expect(seen.leftOut).toBe(0)
  second.queue.add(picture(1))
  second.queue.add(picture(2))
  expect(seen.leftOut).toBe(2)
  expect(seen.most).toBeLessThan(75 * MEBIBYTE)
  release()
  await until(() => seen.waiting === 0)
  expect(first.handed).toEqual([
    [0, undefined],
    [3, 9],
    [4, 0],
  ])
  expect(second.handed).toEqual([
    [0, undefined],
    [1, undefined],
    [2, undefined],
  ])
})

test('the next picture of a topic tells what was left out when nothing else of it waits', async () => {
  const { seen, topic, release } = open()
  const [first, second] = [topic(), topic()]
  first.queue.add(picture(0))
  first.queue.add(picture(1))
  for (let seq = 0; seq < 6; seq++) second.queue.add(picture(seq))
  expect(seen.leftOut).toBeGreaterThan(0)
  release()
  await until(() => seen.waiting === 0)
  first.queue.add(picture(2))
  await until(() => seen.waiting === 0)
  expect(first.handed).toEqual([
    [0, undefined],
    [2, 1],
  ])
})

test('where pictures are made anew the old ones are left out, but none of a few that come at once', async () => {
  const { seen, topic, release } = open(true)
  const { queue, handed } = topic()
  const small = { block: frame(1) }
  for (let seq = 0; seq < 20; seq++) queue.add(picture(seq, { block: { ...small.block, seq } }))
  await delay(300)
  queue.add(picture(20, { block: { ...small.block, seq: 20 } }))
  release()
  await until(() => seen.waiting === 0)
  expect(handed.map(([seq]) => seq)).toEqual([0, 17, 18, 19, 20])
  expect(handed[1]).toEqual([17, 16])
})
