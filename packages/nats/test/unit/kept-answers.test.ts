import { beforeEach, describe, expect, test } from '@jest/globals'
import { KeptAnswers } from '../../src/kept-answers.ts'
import type { NatsConnection } from '../../src/nats-library.ts'

describe('answers to what is kept', () => {
  const told: string[] = []
  const answered: string[] = []
  let answer: (subject: string | undefined, text: string) => void
  let answers: KeptAnswers
  beforeEach(() => {
    told.length = 0
    answered.length = 0
    answers = new KeptAnswers({
      onRefused: (detail) => told.push(detail),
      onSilence: (topic) => told.push(`silence: ${topic}`),
      onAnswer: (topic) => answered.push(topic),
    })
    const subscribe = (
      _: string,
      { callback }: { callback: (error: null, message: object) => void },
    ): void => {
      answer = (subject, text) => callback(null, { subject, data: Buffer.from(text) })
    }
    answers.begin({ subscribe } as unknown as NatsConnection)
  })

  test('are asked for once a second and topic, and tell why something was not kept', () => {
    const first = answers.ask('numbers/a', 0)
    expect(answers.ask('numbers/a', 999)).toBeUndefined()
    expect(answers.ask('numbers/b', 999)).not.toBe(first)
    answer(first, '{"stream":"zc-numbers_a","seq":1}')
    expect(answers.ask('numbers/a', 999)).toBeUndefined()
    const second = answers.ask('numbers/a', 1000)
    answer(second, '{"error":{"code":503,"description":"insufficient resources"},"stream":"x","seq":0}')
    answer(second, '{"error":{"description":"once more"}}')
    expect(told).toEqual(['insufficient resources'])
    expect(answered).toEqual(['numbers/a', 'numbers/a'])
  })

  test('that do not come are silence, and what others say is none', () => {
    const asked = answers.ask('numbers/a', 0)
    for (const text of ['', 'nonsense', '[]', 'null', '{}', '{"stream":1}']) answer(asked, text)
    answer(`${asked}1`, '{"stream":"x"}')
    expect(answers.ask('numbers/a', 4999)).toBeUndefined()
    expect(told).toEqual([])
    answers.ask('numbers/a', 5000)
    expect(answers.ask('numbers/a', 5001)).toBeDefined()
    expect(told).toEqual(['silence: numbers/a'])
  })
})
