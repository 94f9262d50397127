import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { escapeControls } from '@zcast/shared/internal'
import { encodeLine, formatLogLine, MAX_LINE_BYTES, parseLogLine } from '../../src/log-line.ts'

const EXAMPLE =
  '5080 - 2026-08-04T17:47:01.977+02:00 - ERROR - publisher: cannot bind tcp://127.0.0.1:5556: address already in use (EADDRINUSE)'
// oxlint-disable-next-line no-control-regex -- finding control characters is the purpose
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/

describe('a line of the log', () => {
  test('is read back into its parts', () => {
    expect(parseLogLine(EXAMPLE)).toEqual({
      pid: 5080,
      time: new Date('2026-08-04T15:47:01.977Z'),
      level: 'error',
      role: 'publisher',
      message: 'cannot bind tcp://127.0.0.1:5556: address already in use (EADDRINUSE)',
    })
  })

  test('has the documented form, with the local time and its offset', () => {
    const time = new Date('2026-08-04T15:47:01.977Z')
    const line = formatLogLine({ pid: 5080, time, level: 'warning', role: 'client 1', message: 'late' })
    expect(line).toMatch(/^5080 - 2026-08-0[345]T\d\d:\d\d:01\.977[+-]\d\d:\d\d - WARNING - client 1: late$/)
    expect(parseLogLine(line)?.time).toEqual(time)
  })

  test('survives writing and reading whatever the message holds', () => {
    const line = fc.record({
      pid: fc.integer({ min: 1, max: 4_194_304 }),
      time: fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }),
      level: fc.constantFrom('error' as const, 'warning' as const),
      role: fc.constantFrom('publisher', 'client 1', 'viewer 2'),
      message: fc.string({ unit: 'binary' }),
    })
    fc.assert(
      fc.property(line, (event) => {
        const text = formatLogLine(event)
        expect(text).not.toMatch(CONTROL)
        expect(parseLogLine(text)).toEqual({ ...event, message: escapeControls(event.message) })
      }),
    )
  })

  test.each([
    '',
    'hello',
    EXAMPLE.slice(5),
    EXAMPLE.replace('ERROR', 'INFO'),
    EXAMPLE.replace('08-04', '18-99'),
  ])('is not seen in %j', (text) => {
    expect(parseLogLine(text)).toBeUndefined()
  })

  test('is cut between two characters when it is too long', () => {
    for (const character of ['x', 'é', '€', '🙂']) {
      const bytes = encodeLine(`a${character.repeat(MAX_LINE_BYTES)}`)
      expect(bytes.length).toBeLessThanOrEqual(MAX_LINE_BYTES)
      expect(bytes.length).toBeGreaterThan(MAX_LINE_BYTES - 5)
      expect(bytes.toString()).toMatch(new RegExp(`^a(${character})+…\n$`))
    }
    expect(encodeLine('short').toString()).toBe('short\n')
  })
})
