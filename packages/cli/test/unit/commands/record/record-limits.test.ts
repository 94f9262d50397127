import { expect, test } from '@jest/globals'
import { readRecordLimits } from '../../../../src/commands/record/record-limits.ts'
import { Arguments } from '../../../../src/options/reading/arguments.ts'

test.each([
  [{}, { trigger: undefined }],
  [{ split: '1G' }, { split: { bytes: 2 ** 30 } }],
  [
    { split: '10m', keep: '24h' },
    { split: { seconds: 600 }, keep: { seconds: 86_400 } },
  ],
  [
    { split: '10M', keep: '1g' },
    { split: { bytes: 10 * 2 ** 20 }, keep: { bytes: 2 ** 30 } },
  ],
  [{ pre: '30s', post: '1.5m' }, { trigger: { preSeconds: 30, postSeconds: 90 } }],
  [
    { pre: '500ms', when: 'numbers/a.b>1' },
    { trigger: { preSeconds: 0.5, when: { text: 'numbers/a.b>1' } } },
  ],
])('%j are read', (given, expected) => {
  expect(readRecordLimits(new Arguments(given))).toMatchObject(expected)
})

test.each([
  [{ split: '10x' }, 'split must be a size such as 500M or 2G, or a time such as 10m or 24h, got "10x"'],
  [{ keep: '-1s' }, 'keep must be a size'],
  [{ pre: '0' }, 'pre must be more than 0'],
  [{ pre: '30' }, 'pre must be a duration'],
  [{ pre: '1s', post: '0' }, 'post must be more than 0'],
  [{ post: '1s' }, 'post needs pre'],
  [{ when: 'numbers/a[0] > 1' }, 'when needs pre'],
  [{ pre: '1s', when: 'numbers/a[0]' }, 'a comparison is missing'],
])('%j are refused', (given, sentence) => {
  expect(() => readRecordLimits(new Arguments(given))).toThrow(sentence)
})
