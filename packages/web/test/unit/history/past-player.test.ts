import { expect, test } from '@jest/globals'
import { setTimeout as delay } from 'node:timers/promises'
import { playPast, type PlayedPast } from '../../../src/history/past-player.ts'
import { FakeHistory } from '../../support/fake-history.ts'

/** Plays pictures up to the end. @returns The time of each. */
async function play(played: Omit<PlayedPast, 'topics' | 'speed'>): Promise<readonly number[]> {
  const times: number[] = []
  await playPast(
    { ...played, topics: ['video/main'], speed: 8 },
    {
      onBlock: ({ recordedAt }) => times.push(recordedAt),
      wait: (ms) => delay(ms),
      isWanted: () => true,
    },
  )
  return times
}

test('catching up ends once everything that came was played, also what could not be read at first', async () => {
  const history = new FakeHistory()
  const times = Array.from({ length: 30 }, (_, at) => 1000 + at / 30)
  const later = Array.from({ length: 15 }, (_, at) => 1001 + at / 30)
  for (const time of times) history.addPicture(time)
  const flush = async (): Promise<number> => {
    for (const time of later.splice(0)) history.addPicture(time)
    return Date.now() / 1000
  }
  const expected = [...times, ...later]
  expect(await play({ history, from: 1000, isLive: true, flush })).toEqual(expected)
})

test('catching up ends although more comes again and again, and leaves out none of it', async () => {
  const history = new FakeHistory()
  history.addPicture(1000)
  let flushes = 0
  const flush = async (): Promise<number> => {
    const began = Date.now() / 1000
    flushes += 1
    // A disk that is slow: meanwhile the next have come.
    await delay(60)
    history.addPicture(1000 + flushes / 30)
    return began
  }
  const played = await play({ history, from: 1000, isLive: true, flush })
  expect(flushes).toBeGreaterThan(1)
  expect(played).toEqual(history.kept.map(({ recordedAt }) => recordedAt))
})

test('what took long to become readable because other pages asked is not asked for again', async () => {
  const history = new FakeHistory()
  history.addPicture(1000)
  let flushes = 0
  const flush = async (): Promise<number> => {
    flushes += 1
    await delay(60)
    return Date.now() / 1000
  }
  expect(await play({ history, from: 1000, isLive: true, flush })).toEqual([1000])
  expect(flushes).toBeLessThan(8)
})

test('a recording, which does not grow, is not made to be written', async () => {
  const history = new FakeHistory()
  history.addPicture(1000)
  const flush = (): Promise<never> => Promise.reject(new Error('a recording is whole'))
  expect(await play({ history, from: 1000, isLive: false, flush })).toEqual([1000])
})
