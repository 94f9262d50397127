import { describe, expect, test } from '@jest/globals'
import { publishedAt, SUMMARY, useWorkbench } from '../support/zcast.ts'

const bench = useWorkbench()

interface Value {
  readonly seq: number
  readonly retained?: boolean
}

const parse = (line: string): Value => JSON.parse(line) as Value

describe('who joins a quiet stream', () => {
  test('gets its last value at once, marked as retained, and nobody sees anything twice', async () => {
    const options = ['--bind', 'tcp://127.0.0.1:*', '--interval', '1h']
    const publisher = bench.start(['publish', 'numbers', ...options])
    const connect = ['--connect', await publishedAt(publisher, 'numbers/random'), '--json']
    const clients = []
    for (let count = 0; count < 3; count++) {
      const client = bench.start(['client', '3', ...connect])
      const [line] = await client.stdout.atLeast(1)
      expect(parse(line as string)).toMatchObject({ seq: 0, retained: true })
      clients.push(client)
    }
    for (const client of clients) {
      const { stdout, stderr } = await client.stop()
      expect(stdout).toHaveLength(1)
      // The age of a value that was sent again says nothing of how fast it came.
      expect(stderr.at(-1)).toBe('received 1, lost 0, skipped 0, invalid 0, 0.0/s')
    }
    await publisher.stop()
  })

  test('counts what follows from there on', async () => {
    const options = ['--bind', 'tcp://127.0.0.1:*', '--interval', '1500ms']
    const publisher = bench.start(['publish', 'numbers', ...options])
    const endpoint = await publishedAt(publisher, 'numbers/random')
    const client = bench.start(['client', '3', '--connect', endpoint, '--json'])
    const seqs = (await client.stdout.atLeast(3)).map((line) => parse(line).seq)
    expect(seqs).toEqual([0, 1, 2].map((step) => (seqs[0] as number) + step))
    const { stderr } = await client.stop()
    expect(SUMMARY.exec(stderr.at(-1) as string)?.[2]).toBe('0')
    await publisher.stop()
  })
})
