import { expect, test } from '@jest/globals'
import { parseTime } from '../../../../src/options/reading/parse-time.ts'

test.each([
  ['2026-11-25', new Date(2026, 10, 25)],
  ['2026-11-25T17:00', new Date(2026, 10, 25, 17)],
  ['2026-11-25 17:00:30', new Date(2026, 10, 25, 17, 0, 30)],
  ['2026-11-25T17:00Z', new Date('2026-11-25T17:00:00Z')],
  ['2026-11-25T17:00:00+09:00', new Date('2026-11-25T08:00:00Z')],
  ['2028-02-29', new Date(2028, 1, 29)],
])('%s is a time of this machine unless it names a zone', (text, time) => {
  expect(parseTime(text, 'since')).toEqual(time)
})

test.each([
  '2026-11-31',
  '2026-',
  '2026-13-01',
  '2026-00-10',
  '2027-02-29',
  '2026-11-25T24:00',
  '2026-11-25T17:60',
  '2026-11-25T17',
  '2026-11-25T17:00+99:99',
  '2026-11-25 now',
])('%s is refused', (text) => {
  expect(() => parseTime(text, 'since')).toThrow(/^since must be a duration such as 10m or a time such as/)
})

test.each(['10m', '', 'yesterday'])('%j is something else', (text) => {
  expect(parseTime(text, 'since')).toBeUndefined()
})
