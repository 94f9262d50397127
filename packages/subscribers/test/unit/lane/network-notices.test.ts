import { expect, test } from '@jest/globals'
import { NetworkNotices } from '../../../src/lane/network-notices.ts'

const slow = { wanted: 30, carried: 4 }

test('says once that the network is too slow, with what it carries by then', () => {
  const notices = new NetworkNotices()
  const said = [0, 1000, 2000, 3000, 4000].map((nowMs) =>
    notices.take('video/main', { wanted: 30, carried: 20 - nowMs / 250 }, nowMs),
  )
  expect(said.map((text) => text?.slice(0, 30))).toEqual([
    undefined,
    undefined,
    undefined,
    'the network carries 8 of 30 pi',
    undefined,
  ])
})

test('says nothing of what is over in a moment, and says it again of another time', () => {
  const notices = new NetworkNotices()
  expect(notices.take('video/main', slow, 0)).toBeUndefined()
  expect(notices.take('video/main', undefined, 2000)).toBeUndefined()
  expect(notices.take('video/main', slow, 9000)).toBeUndefined()
  expect(notices.take('video/main', slow, 12_000)).toContain('video/main')
})

test('topics do not know of one another', () => {
  const notices = new NetworkNotices()
  notices.take('video/a', slow, 0)
  expect(notices.take('video/b', slow, 3000)).toBeUndefined()
  expect(notices.take('video/a', slow, 3000)).toContain('video/a')
})
