import { spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { writeFile } from 'node:fs/promises'
import { describe, expect, test } from '@jest/globals'
import type { Program } from '../support/program.ts'
import { useWorkbench } from '../support/zcast.ts'

const bench = useWorkbench()

/** Starts a publisher of numbers, and a client of its own port. */
async function startPair(
  source: readonly string[],
  ...client: string[]
): Promise<{ publisher: Program; client: Program }> {
  const publisher = bench.start(['publish', 'numbers', ...source, '--bind', 'tcp://127.0.0.1:*'])
  const [, endpoint = ''] = await publisher.stderr.find(/publishing numbers\/random on ([^\s,]+)/)
  return { publisher, client: bench.start(['client', ...client, '--connect', endpoint]) }
}

const TABLE = 'time,temp [°C],hum\n0,20.5,40\n0.01,20.6,\n0.02,1e-7,42\n'

describe('publish numbers FILE', () => {
  test('waits for a subscriber, and the client prints names above columns that keep their place', async () => {
    await writeFile(bench.path('a.csv'), TABLE)
    const { publisher, client } = await startPair([bench.path('a.csv')], '3', '--messages', '3')
    const { stdout } = await client.ended
    expect(stdout).toEqual([
      '#         temp [°C]        hum',
      '#0           20.500     40.000',
      '#1           20.600        NaN',
      '#2             1e-7     42.000',
    ])
    const { status, stderr } = await publisher.ended
    expect(status).toBe(0)
    expect(stderr[0]).toBe(
      'publisher: reading CSV, 2 columns: temp [°C], hum; times in column 1 (seconds from the first one)',
    )
  })

  test('names are in the first line of JSON, and columns can be chosen by them', async () => {
    await writeFile(bench.path('a.csv'), TABLE)
    const { client } = await startPair([bench.path('a.csv')], '--select', 'hum', '--json', '--messages', '3')
    const { stdout } = await client.ended
    expect(stdout.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({ seq: 0, names: ['hum'], units: [''], values: [40] }),
      expect.not.objectContaining({ names: expect.anything() }),
      expect.objectContaining({ seq: 2, values: [42] }),
    ])
  })

  test('what a client writes as CSV is played again, equal', async () => {
    await writeFile(bench.path('a.csv'), TABLE)
    const first = await startPair([bench.path('a.csv')], '3', '--csv', '--messages', '3')
    const { stdout: written } = await first.client.ended
    expect(written[0]).toBe('time,temp [°C],hum')
    await writeFile(bench.path('b.csv'), `${written.join('\n')}\n`)
    const second = await startPair([bench.path('b.csv')], '3', '--csv', '--messages', '3')
    const { stdout: again } = await second.client.ended
    const withoutTimes = (lines: readonly string[]): string[] =>
      lines.map((line) => line.replace(/^[^,]*/, ''))
    expect(withoutTimes(again)).toEqual(withoutTimes(written))
  })

  test.each([
    [['publish', 'a.csv'], 'did you mean "publish numbers a.csv"?'],
    [['publish', 'numbers', 'missing.csv'], 'there is no file "missing.csv"'],
    [['publish', 'numbers', '--columns', 'a,b'], 'columns is for numbers of a source'],
    [['publish', 'numbers', '-', '--speed', '2'], 'speed is for a file'],
    [['publish', 'numbers', '-', '--separator', 'x'], 'separator must be one of'],
    [['publish', 'numbers', '-', '--separator', ',', '--decimal', ','], 'both a comma'],
    [['publish', 'numbers', 'udp://nowhere'], 'is not udp://HOST:PORT'],
    [['publish', 'numbers', 'serial:/dev/ttyUSB0?speed=1'], 'write serial:/dev/ttyUSB0?baud=115200'],
    [['client', '1', '--select', 'a'], 'give either "client 1" or select'],
    [['client', '3', '--csv', '--json'], 'give either csv or json'],
    [['client', '3', '--csv', '--topic', 'numbers/'], 'csv holds one stream'],
  ])('%j is refused: %s', async (args, sentence) => {
    const { status, stderr } = await bench.run(args)
    expect(status).not.toBe(0)
    expect(stderr.join('\n')).toContain(sentence)
  })
})

test('publish numbers udp:// sends what comes in datagrams, with its names and units', async () => {
  const { publisher, client } = await startPair(['udp://127.0.0.1:0'], '3', '--json')
  const [, port] = await publisher.stderr.find(/receiving lines on port (\d+)/)
  const socket = createSocket('udp4')
  // Datagrams are lost until the client is there.
  const sending = setInterval(
    () => socket.send('temp:1627551892437:21.5§°C|g\nhum:1627551892437:40', Number(port), '127.0.0.1'),
    50,
  )
  try {
    await client.stdout.find(/"names":\["temp","hum"\],"units":\["°C",""\]/)
  } finally {
    clearInterval(sending)
    socket.close()
  }
  expect(await publisher.stop()).toMatchObject({ status: 0 })
  await client.stop()
})

const noPorts = spawnSync('socat', ['-V']).error && 'socat is not installed'
const testWithPort = noPorts === undefined ? test : test.skip
if (noPorts !== undefined) console.log(`serial ports are not tested: ${noPorts}`)

testWithPort('publish numbers serial: reads a serial port, and ends when it goes', async () => {
  const cable = bench.launch('socat', ['-d', '-d', 'STDIN', 'PTY,raw,echo=0'])
  const [, port = ''] = await cable.stderr.find(/PTY is (\S+)/)
  const { publisher, client } = await startPair([`serial:${port}?baud=115200`], '3', '--json')
  // The first line has lost its beginning, for all that the publisher knows.
  const sending = setInterval(() => cable.write('temp:20.5,hum:40\r\n'), 50)
  try {
    await client.stdout.find(/"names":\["temp","hum"\],"values":\[20\.5,40\]/)
  } finally {
    clearInterval(sending)
  }
  await cable.stop()
  const { status, stderr } = await publisher.ended
  expect(status).toBe(1)
  expect(stderr.join('\n')).toContain(`${port} has gone`)
  await client.stop()
})
