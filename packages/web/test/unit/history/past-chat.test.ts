import { expect, test } from '@jest/globals'
import { readPastChat } from '../../../src/history/past-chat.ts'
import { FakeHistory } from '../../support/fake-history.ts'

const ALWAYS = (): boolean => true

test('a chat of the past is what was said, when it came, but for what was taken back later', async () => {
  const history = new FakeHistory()
  history.addArray(99, [1])
  history.addSaid(100, 'Ann', 'hello ☀')
  history.addSaid(101, 'Bob', 'a secret', { id: 7 })
  history.addSaid(102, 'Ann', 'which?')
  history.addSaid(500, 'Bob', '', { id: 7, removed: true })
  expect(await readPastChat(history, ALWAYS)).toEqual({
    said: [
      { time: 100, name: 'Ann', text: 'hello ☀' },
      { time: 102, name: 'Ann', text: 'which?' },
    ],
  })
})

test('of a long chat the newest lines are told', async () => {
  const history = new FakeHistory()
  for (let at = 0; at < 200; at++) history.addSaid(at, 'Ann', 'x'.repeat(16_000))
  const { said } = await readPastChat(history, ALWAYS)
  expect(said.length).toBeGreaterThan(100)
  expect(said.length).toBeLessThan(140)
  expect(said.at(-1)?.time).toBe(199)
})
