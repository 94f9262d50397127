import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { SharedFlush } from '../../../src/history/shared-flush.ts'

test('however often and by however many it is asked for, one flush at a time serves all, and not all the time', async () => {
  const beganAtMs: number[] = []
  let [underWay, most] = [0, 0]
  const shared = new SharedFlush(async () => {
    const time = beganAtMs.push(performance.now())
    most = Math.max(most, ++underWay)
    await delay(5)
    underWay -= 1
    return time
  })
  const asked: Promise<number>[] = []
  for (let round = 0; round < 3; round++) {
    for (let client = 0; client < 50; client++) asked.push(shared.run())
    // The one that is under way began before the rest asked.
    const first = await (asked.at(-1) as Promise<number>)
    expect(first).toBe(round + 1)
  }
  await Promise.all(asked)
  expect({ flushes: beganAtMs.length, most }).toEqual({ flushes: 3, most: 1 })
  for (const [index, began] of beganAtMs.entries())
    if (index > 0) expect(began - (beganAtMs[index - 1] as number)).toBeGreaterThan(95)
})

test('who asks while it is under way is served by the next, also when it fails', async () => {
  let flushes = 0
  const shared = new SharedFlush(async () => {
    const number = ++flushes
    await delay(1)
    if (number === 1) throw new Error('the disk is gone')
    return number
  })
  const first = shared.run()
  const failed = expect(first).rejects.toThrow('the disk is gone')
  while (flushes === 0) await delay(0)
  expect(await shared.run()).toBe(2)
  await failed
})
