import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { untilIdle } from '../../src/until-idle.ts'

test('a read ends when nothing has come for a time, and not before', async () => {
  const closing = new AbortController()
  const messages = {
    async *[Symbol.asyncIterator]() {
      for (let number = 1; number <= 5; number++) {
        await delay(60)
        yield number
      }
      // The others have expired.
      if (!closing.signal.aborted) await once(closing.signal, 'abort')
    },
    close: async () => closing.abort(),
  }
  const read: number[] = []
  for await (const number of untilIdle(messages, 200)) read.push(number)
  expect(read).toEqual([1, 2, 3, 4, 5])
})
