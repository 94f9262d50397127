import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { readLastLines } from '../../src/index.ts'
import { formatLogLine } from '../../src/log-line.ts'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'

const directory = useTemporaryFolder()
const START = Date.parse('2026-08-04T12:00:00Z')

/** Event number N is logged N seconds after the start: an error by client 1 when even, a warning by the publisher when odd. */
const event = (number: number): string =>
  formatLogLine({
    pid: 1,
    time: new Date(START + number * 1000),
    level: number % 2 === 0 ? 'error' : 'warning',
    role: number % 2 === 0 ? 'client 1' : 'publisher',
    message: `event ${number} é ${'x'.repeat(number % 50)}`,
  })
const events = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => event(from + index))
const write = (name: string, lines: string[], end = '\n'): void =>
  writeFileSync(join(directory(), name), lines.join('\n') + end)

describe('reading the last lines', () => {
  test('finds none where there is no log', async () => {
    expect(await readLastLines(join(directory(), 'missing'))).toEqual([])
    expect(await readLastLines(directory())).toEqual([])
    write('errors.log', [], '')
    expect(await readLastLines(directory())).toEqual([])
  })

  test('reads 20 unless told otherwise', async () => {
    write('errors.log', events(0, 30))
    expect(await readLastLines(directory())).toEqual(events(10, 30))
    expect(await readLastLines(directory(), { lines: 3 })).toEqual(events(27, 30))
    expect(await readLastLines(directory(), { lines: 0 })).toEqual([])
  })

  test('goes back through rotated files, across a gap, as far as needed', async () => {
    write('errors.3.log', events(0, 4000))
    write('errors.1.log', events(4000, 8000))
    write('errors.log', events(8000, 8005))
    expect(await readLastLines(directory(), { lines: 10 })).toEqual(events(7995, 8005))
    expect(await readLastLines(directory(), { lines: 6000 })).toEqual(events(2005, 8005))
    expect(await readLastLines(directory(), { lines: Infinity })).toEqual(events(0, 8005))
  })

  test('reads on while the newest file is between two names', async () => {
    write('errors.1.log', events(0, 5))
    expect(await readLastLines(directory(), { lines: 2 })).toEqual(events(3, 5))
  })

  test('leaves out a line that is not complete', async () => {
    write('errors.log', [...events(0, 3), 'half of a li'], '')
    expect(await readLastLines(directory())).toEqual(events(0, 3))
    write('errors.log', ['half of a li'], '')
    expect(await readLastLines(directory())).toEqual([])
  })

  test('counts lines after filtering', async () => {
    write('errors.1.log', events(0, 100))
    write('errors.log', events(100, 110))
    const errors = events(0, 110).filter((_, number) => number % 2 === 0)
    expect(await readLastLines(directory(), { level: 'error' })).toEqual(errors.slice(-20))
    expect(await readLastLines(directory(), { role: 'client', lines: 7 })).toEqual(errors.slice(-7))
    expect(await readLastLines(directory(), { role: 'viewer' })).toEqual([])
    const since = new Date(START + 95_000)
    expect(await readLastLines(directory(), { since })).toEqual(events(95, 110))
  })

  test('does not open files older than asked for', async () => {
    write('errors.1.log', events(0, 10))
    write('errors.log', events(10, 20))
    utimesSync(join(directory(), 'errors.1.log'), new Date(START), new Date(START + 9_000))
    mkdirSync(join(directory(), 'errors.2.log'))
    expect(await readLastLines(directory(), { since: new Date(START + 9_500) })).toEqual(events(10, 20))
  })

  test('survives a file that is not ours', async () => {
    writeFileSync(join(directory(), 'errors.log'), Buffer.alloc(300_000, 0xff))
    expect(await readLastLines(directory())).toEqual([])
    writeFileSync(
      join(directory(), 'errors.log'),
      Buffer.concat([Buffer.alloc(300_000, 0xff), Buffer.from('\nlast\n')]),
    )
    const lines = await readLastLines(directory())
    expect(lines).toHaveLength(2)
    expect(lines[0]?.length).toBeLessThanOrEqual(65_536)
    expect(lines[1]).toBe('last')
  })
})
