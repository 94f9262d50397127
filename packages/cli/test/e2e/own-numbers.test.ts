import { describe, expect, test } from '@jest/globals'
import type { Program } from '../support/program.ts'
import { eventsLogged, LOG_LINE, publishedAt, SUMMARY, useWorkbench } from '../support/zcast.ts'

const bench = useWorkbench()

interface Pair {
  readonly publisher: Program
  readonly client: Program
}

/** A publisher of its standard input and a client that receives it already: its first lines are `0`. */
async function startPair(...args: string[]): Promise<Pair> {
  const publisher = bench.start(['publish', 'numbers', '-', '--bind', 'tcp://127.0.0.1:*', ...args])
  const endpoint = await publishedAt(publisher, 'numbers/random')
  const client = bench.start(['client', '3', '--connect', endpoint, '--json'])
  // Nothing tells from outside when a subscription has come to the publisher: send until something arrives.
  const knocking = setInterval(() => publisher.write('0\n'), 50)
  await client.stdout.atLeast(1).finally(() => clearInterval(knocking))
  return { publisher, client }
}

const valuesOf = (line: string): number[] => (JSON.parse(line) as { values: number[] }).values

describe('publish numbers -', () => {
  test('sends JSON, CSV and blanks, passes over what is no array, and ends with its input', async () => {
    const { publisher, client } = await startPair()
    publisher.endInput(
      [
        '[1, 2.5, -3e2]',
        '1,2;3',
        '# a comment',
        '',
        'four, five',
        '  7\t8   9  \r',
        '[1, "2"]',
        '[1, NaN]',
        '0x10',
        '1,,2',
        '{"a": 1}',
        '42',
      ].join('\n'),
    )
    const sent = await publisher.ended
    await client.stdout.find(/"values":\[42\]/)
    const received = await client.stop()

    const arrays = received.stdout.map(valuesOf).filter((values) => values[0] !== 0)
    expect(arrays).toEqual([[1, 2.5, -300], [1, 2, 3], [7, 8, 9], [42]])
    expect(received.stderr.at(-1)).toMatch(/^received \d+, lost 0, skipped 0, invalid 0, /)
    expect(sent.status).toBe(0)
    expect(sent.stderr.at(-1)).toMatch(/^numbers\/random: sent \d+, dropped 0, bad lines 6, \d+\.\d\/s$/)
    expect(eventsLogged(bench.logLines())).toBe(6)
    for (const line of bench.logLines()) {
      expect(LOG_LINE.exec(line)?.slice(2)).toEqual([
        'WARNING',
        'publisher',
        expect.stringMatching(/^line \d+ of the input is not an array of numbers/),
      ])
    }
  })

  test('loses nothing, however fast its input is', async () => {
    const count = 30_000
    const { publisher, client } = await startPair()
    publisher.endInput(Array.from({ length: count }, (_, index) => `${index + 1},${index / 8}\n`).join(''))
    const sent = await publisher.ended
    await client.stdout.find(new RegExp(`"values":\\[${count},`))
    const received = await client.stop()
    const numbers = received.stdout.map(valuesOf).filter((values) => values[0] !== 0)
    expect(numbers).toEqual(Array.from({ length: count }, (_, index) => [index + 1, index / 8]))
    expect(sent.status).toBe(0)
    expect(received.stderr.at(-1)).toMatch(SUMMARY)
    expect(received.stderr.at(-1)).toContain('lost 0, skipped 0, invalid 0')
  })

  test('ends in good order while it waits for input', async () => {
    const { publisher, client } = await startPair()
    expect(await publisher.stop('SIGTERM')).toMatchObject({ status: 0, signal: null })
    await client.stop()
    expect(bench.logLines()).toEqual([])
  })
})
