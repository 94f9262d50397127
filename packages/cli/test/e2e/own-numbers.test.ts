import { describe, expect, test } from '@jest/globals'
import type { Program } from '../support/program.ts'
import { eventsLogged, LOG_LINE, publishedAt, SUMMARY, useWorkbench, ZCAST } from '../support/zcast.ts'

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

const valuesOf = (line: string): (number | null)[] =>
  (JSON.parse(line) as { values: (number | null)[] }).values

describe('publish numbers -', () => {
  test('sends JSON, CSV and blanks, passes over what is no array, and ends with its input', async () => {
    const { publisher, client } = await startPair()
    publisher.endInput(
      [
        '[1, 2.5, -3e2]',
        '1;2;3',
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
    expect(arrays).toEqual([[1, 2.5, -300], [1, 2, 3], [7, 8, 9], [1, null], [1, null, 2], [42]])
    expect(received.stderr.at(-1)).toMatch(/^received \d+, lost 0, skipped 0, invalid 0, /)
    expect(sent.status).toBe(0)
    expect(sent.stderr.at(-1)).toMatch(/^numbers\/random: sent \d+, dropped 0, bad lines 4, \d+\.\d\/s$/)
    const bad = bench.logLines().filter((line) => !/ has \d numbers?, and the one before it /.test(line))
    expect(eventsLogged(bad)).toBe(4)
    for (const line of bad) {
      expect(LOG_LINE.exec(line)?.slice(2)).toEqual([
        'WARNING',
        'publisher',
        expect.stringMatching(/^line \d+ of the input is not an array of numbers \(".+"\): ./),
      ])
    }
    expect(sent.stderr.join('\n')).toContain('("four, five"): "four" is not a number')
  })

  test.each<[string, string, number[][]]>([
    [
      'decimal commas between semicolons',
      '1,5;2,25;-3,75\n10,0;20,5;30,125\n',
      [
        [1.5, 2.25, -3.75],
        [10, 20.5, 30.125],
      ],
    ],
    ['decimal commas between blanks', '1,5 2,25 -3,75\n', [[1.5, 2.25, -3.75]]],
    ['grouped thousands', '1,234.5 2,000.0\n', [[1234.5, 2000]]],
    ['a separator at the end of each line', '0250,\r\n0251,\r\n', [[250], [251]]],
  ])('reads %s', async (_, text, expected) => {
    const { publisher, client } = await startPair()
    publisher.endInput(text)
    const sent = await publisher.ended
    await client.stdout.find(
      new RegExp(`"values":${JSON.stringify(expected.at(-1)).replaceAll(/[[\]]/g, '\\$&')}`),
    )
    const received = await client.stop()
    expect(received.stdout.map(valuesOf).filter((values) => values[0] !== 0)).toEqual(expected)
    expect(sent).toMatchObject({ status: 0 })
    expect(sent.stderr.at(-1)).toContain('bad lines 0')
  })

  test('sends each line as it comes, also where lines end in \\r alone', async () => {
    const { publisher, client } = await startPair()
    for (const values of [
      [1, 2, 3],
      [4, 5, 6],
    ]) {
      publisher.write(`${values.join(',')}\r`)
      await client.stdout.find(new RegExp(`"values":\\[${values.join(',')}\\]`))
    }
    expect(await publisher.stop()).toMatchObject({ status: 0 })
    await client.stop()
  })

  test('says the first bad line at once, and ends with status 1 when no line was good', async () => {
    const publisher = bench.start(['publish', 'numbers', '-', '--bind', 'tcp://127.0.0.1:*'])
    publisher.write('temp:20.5\u001b[2J,hum:40\n')
    await publisher.stderr.find(
      /^publisher: warning: line 1 of the input is not an array of numbers \("temp:20\.5\\x1b\[2J,hum:40"\): /,
    )
    publisher.endInput('t=? h=?\n{"a":"b"}\n(1, two, 3)\n')
    const { status, stderr } = await publisher.ended
    expect(status).toBe(1)
    expect(stderr.at(-2)).toMatch(/^numbers\/random: sent 0, dropped 0, bad lines 4, /)
    expect(stderr.at(-1)).toMatch(/^zcast: no line of the input is an array of numbers: line 1 \("temp:20\.5/)
    expect(stderr.filter((line) => line.includes('is not an array'))).toHaveLength(2)
  })

  test.each([
    ['numbers', '< /', 'is a folder'],
    ['numbers', '<&-', 'is closed'],
    ['numbers', '0> out', 'is open for writing only'],
    ['video', '< /', 'is a folder'],
    ['video', '<&-', 'is closed'],
  ])('of %s refuses a standard input (%s) that %s', async (what, redirection, reason) => {
    const command = [
      process.execPath,
      ZCAST,
      'publish',
      what,
      '-',
      '--bind',
      'tcp://127.0.0.1:*',
      '--log-dir',
      'logs',
    ]
    const shell = bench.launch('sh', ['-c', `exec "$@" ${redirection}`, 'sh', ...command], {
      cwd: bench.folder,
    })
    const { status, stderr } = await shell.ended
    expect(status).toBe(1)
    expect(stderr).toEqual([expect.stringMatching(new RegExp(`^zcast: standard input .*${reason}`))])
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
