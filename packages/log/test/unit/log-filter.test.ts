import { describe, expect, test } from '@jest/globals'
import { createLogFilter, type LogFilter } from '../../src/log-filter.ts'

const LINES = [
  '1 - 2026-08-04T12:00:00.000+00:00 - ERROR - publisher: a',
  '2 - 2026-08-04T14:00:01.000+02:00 - WARNING - client 1: b',
  '3 - 2026-08-04T12:00:02.000+00:00 - ERROR - client 12: c',
  'half of a li',
]
const shown = (filter: LogFilter): string[] => {
  const show = createLogFilter(filter)
  return LINES.flatMap((line) => show(line)?.at(-1) ?? [])
}

describe('the filter of the log', () => {
  test.each([
    ['nothing left out without a filter', {}, 'abci'],
    ['both levels from warning on', { level: 'warning' }, 'abci'],
    ['errors only', { level: 'error' }, 'ac'],
    ['one role exactly', { role: 'client 1' }, 'b'],
    ['all roles of a kind', { role: 'client' }, 'bc'],
    ['no part of a word', { role: 'cli' }, ''],
    ['from a time on, whatever the offset', { since: new Date('2026-08-04T12:00:01Z') }, 'bc'],
    ['all at once', { level: 'error', role: 'client', since: new Date('2026-08-04T12:00:00Z') }, 'c'],
  ] as const)('%s', (_name, filter, expected) => {
    expect(shown(filter).join('')).toBe(expected)
  })

  test('makes a line that somebody else wrote safe for a terminal', () => {
    expect(createLogFilter({})('\u001b[2J')).toBe('\\x1b[2J')
  })
})
