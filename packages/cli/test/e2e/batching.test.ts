import { describe, expect, test } from '@jest/globals'
import { type Envelope, isRejection, MsgpackCodec, valueCount, ZeromqTransport } from '@zcast/shared'
import { publishedAt, useWorkbench } from '../support/zcast.ts'

const bench = useWorkbench()

const SUMMARY = /^received (\d+), lost 0, skipped 0, invalid 0, /

/** Starts a publisher as fast as possible, and reads its first messages off the wire. */
async function readMessages(count: number, ...args: string[]): Promise<Envelope[]> {
  const options = ['--bind', 'tcp://127.0.0.1:*', '--interval', '0', ...args]
  const publisher = bench.start(['publish', 'numbers', ...options])
  const endpoint = await publishedAt(publisher, 'numbers/random')
  const subscriber = await new ZeromqTransport().openSubscribe({ connect: [endpoint] })
  subscriber.subscribe('numbers/random')
  const codec = new MsgpackCodec()
  const envelopes: Envelope[] = []
  for await (const message of subscriber.messages()) {
    const envelope = codec.decode(message)
    if (isRejection(envelope)) throw new Error(envelope.reason)
    envelopes.push(envelope)
    if (envelopes.length === count) break
  }
  await subscriber.close()
  await publisher.stop()
  return envelopes
}

describe('batching', () => {
  test('arrays of a publisher as fast as possible share messages, numbered without a gap', async () => {
    const envelopes = await readMessages(50)
    let seq = Number(envelopes[0]?.block.seq)
    for (const { block } of envelopes) {
      expect(block.seq).toBe(seq)
      expect(valueCount(block)).toBeGreaterThan(1)
      seq += valueCount(block)
    }
  })

  test('with --no-batch each array has a message', async () => {
    const envelopes = await readMessages(50, '--no-batch')
    expect(envelopes.every(({ block }) => valueCount(block) === 1)).toBe(true)
    const first = Number(envelopes[0]?.block.seq)
    expect(envelopes.map(({ block }) => block.seq)).toEqual(envelopes.map((_, index) => first + index))
  })

  test('three clients lose nothing of it, and each row is printed with its own number and a time of its own', async () => {
    const publisher = bench.start([
      'publish',
      'numbers',
      '--bind',
      'tcp://127.0.0.1:*',
      '--interval',
      '0',
      '--messages',
      '200000',
      '--wait-for',
      '3',
    ])
    const [, endpoint = ''] = await publisher.stderr.find(/publishing numbers\/random on (\S+?),/)
    const printing = bench.start(['client', '3', '--json', '--connect', endpoint, '--messages', '5000'])
    const counting = ['1', '2'].map((which) =>
      bench.start(['client', which, '--quiet', '--connect', endpoint]),
    )
    const printed = await printing.ended
    const rows = printed.stdout.map((line) => JSON.parse(line) as { seq: number; time: number })
    expect(rows).toHaveLength(5000)
    for (const [index, { seq, time }] of rows.slice(1).entries()) {
      expect(seq).toBe(Number(rows[index]?.seq) + 1)
      expect(time).toBeGreaterThanOrEqual(Number(rows[index]?.time))
    }
    const { stderr } = await publisher.ended
    expect(stderr.at(-1)).toMatch(/^numbers\/random: sent 200000, dropped 0, /)
    for (const client of counting) expect((await client.stop()).stderr.at(-1)).toMatch(SUMMARY)
  })

  test.each([
    ['a linger time beyond its range', ['--batch-linger', '11s'], /batch-linger must be 0 to 10s/],
    [
      'both a linger time and none',
      ['--batch-linger', '2ms', '--no-batch'],
      /either batch-linger or no-batch/,
    ],
  ])('refuses %s', async (_, args, message) => {
    const { status, stderr } = await bench.run(['publish', 'numbers', ...args])
    expect(status).toBe(2)
    expect(stderr.at(-1)).toMatch(message)
  })
})
