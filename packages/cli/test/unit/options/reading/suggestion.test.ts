import { describe, expect, test } from '@jest/globals'
import { didYouMean, findSimilar } from '../../../../src/options/reading/suggestion.ts'

const NAMES = ['publish', 'client', 'viewer', 'keys', 'logs', 'demo']

describe('a mistyped name', () => {
  test.each([
    ['pubish', 'publish'],
    ['publisch', 'publish'],
    ['clinet', 'client'],
    ['Viewer', 'viewer'],
    ['vewier', 'viewer'],
    ['log', 'logs'],
    ['dmeo', 'demo'],
  ])('%s is taken for %s', (typed, meant) => {
    expect(findSimilar(typed, NAMES)).toBe(meant)
  })

  test.each(['frobnicate', '', 'x', 'dogmas', 'publication'])('"%s" is like none', (typed) => {
    expect(findSimilar(typed, NAMES)).toBeUndefined()
    expect(didYouMean(typed, NAMES)).toBe('')
  })

  test('the nearest of several is suggested', () => {
    expect(findSimilar('loop', ['no-loop', 'look', 'loops', 'loop-'])).toBe('look')
    expect(didYouMean('conut', ['host', 'count'], (name) => `--${name}`)).toBe('; did you mean --count?')
  })

  test('as long as an argument can be is compared with names at once', () => {
    expect(findSimilar('x'.repeat(1_000_000), NAMES)).toBeUndefined()
  })
})
