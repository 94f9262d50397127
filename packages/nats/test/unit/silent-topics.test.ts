import { beforeEach, describe, expect, test } from '@jest/globals'
import { SilentTopics } from '../../src/silent-topics.ts'

describe('topics without an answer', () => {
  const made: string[] = []
  let ends: ((error?: Error) => void)[]
  let goesOn: number
  let topics: SilentTopics
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  const endOne = async (error?: Error) => {
    ends.shift()?.(error)
    await settle()
  }
  beforeEach(() => {
    made.length = 0
    ends = []
    goesOn = 0
    topics = new SilentTopics({
      makeAgain: (topic) => {
        made.push(topic)
        return new Promise((resolve, reject) => ends.push((error) => (error ? reject(error) : resolve())))
      },
      onGoesOn: () => (goesOn += 1),
    })
  })

  test('have their streams made again one after the other', async () => {
    for (const topic of ['a', 'b', 'c', 'd']) topics.silent(topic, 0)
    topics.answered('c')
    await settle()
    expect(made).toEqual(['a'])
    await endOne(new Error('no answer'))
    expect(made).toEqual(['a', 'b'])
    await endOne()
    expect(made).toEqual(['a', 'b', 'd'])
  })

  test('have them made ever more seldom, until an answer comes', async () => {
    const times: number[] = []
    for (let nowMs = 0; nowMs < 2_000_000; nowMs += 5000) {
      const before = made.length
      topics.silent('a', nowMs)
      await endOne()
      if (made.length > before) times.push(nowMs / 1000)
    }
    expect(times).toEqual([0, 10, 30, 70, 150, 310, 610, 910, 1210, 1510, 1810])
    topics.answered('a')
    topics.silent('a', 2_000_000)
    topics.silent('a', 2_010_000)
    expect(made).toHaveLength(times.length + 1)
  })

  test('are told once when silence goes on although the stream is there', async () => {
    topics.silent('a', 0)
    await endOne(new Error('no answer'))
    topics.silent('a', 10_000)
    expect(goesOn).toBe(0)
    await endOne()
    topics.silent('b', 15_000)
    await endOne()
    expect(goesOn).toBe(0)
    topics.silent('a', 15_000)
    topics.silent('b', 20_000)
    expect(goesOn).toBe(1)
    topics.begin()
    topics.silent('a', 40_000)
    expect(goesOn).toBe(1)
  })
})
