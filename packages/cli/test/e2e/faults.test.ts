import { describe, expect, test } from '@jest/globals'
import { MsgpackCodec } from '@zcast/shared'
import { FaultProxy } from '../../../../stress/src/support/fault-proxy.ts'
import { ForeignPublisher } from '../support/foreign-publisher.ts'
import { freeEndpoint } from '@zcast/testing/network/free-ports'
import type { Program } from '../support/program.ts'
import { until } from '@zcast/testing/waiting/until'
import { publishedAt, SUMMARY, useWorkbench } from '../support/zcast.ts'

const bench = useWorkbench()

interface Value {
  readonly epoch: number
  readonly seq: number
}

/** What a client printed must add up to what its summary says, epoch by epoch. */
async function expectExactAccounts(client: Program): Promise<{ received: number; lost: number }> {
  const { status, stdout, stderr } = await client.stop()
  expect(status).toBe(0)
  const [received, lost, skipped] = (SUMMARY.exec(stderr.at(-1) as string) ?? []).slice(1, 4).map(Number)
  // Numbers of what a busy publisher left out for this client; or what damaged bytes say of it.
  const withheld = Number(/, withheld (\d+)/.exec(stderr.at(-1) as string)?.[1] ?? 0)
  const epochs = new Map<number, number[]>()
  for (const line of stdout) {
    const { epoch, seq } = JSON.parse(line) as Value
    epochs.set(epoch, [...(epochs.get(epoch) ?? []), seq])
  }
  let span = 0
  for (const seqs of epochs.values()) {
    expect(new Set(seqs).size).toBe(seqs.length)
    span += Math.max(...seqs) - Math.min(...seqs) + 1
  }
  expect(skipped).toBe(0)
  expect(received).toBe(stdout.length)
  expect((received as number) + (lost as number) + withheld).toBe(span)
  return { received: received as number, lost: lost as number }
}

/** Waits until the client has printed more than it has now. */
async function more({ stdout }: Program, count = 20): Promise<void> {
  await stdout.atLeast(stdout.all.length + count)
}

async function streamThrough(
  clientOptions: readonly string[] = [],
): Promise<{ proxy: FaultProxy; client: Program; publisher: Program }> {
  const options = '--bind tcp://127.0.0.1:* --interval 5ms --heartbeat 1s'
  const publisher = bench.start(['publish', 'numbers', ...options.split(' ')])
  const proxy = await FaultProxy.open(await publishedAt(publisher, 'numbers/random'))
  const client = bench.start(['client', '3', '--connect', proxy.endpoint, '--json', ...clientOptions])
  await more(client)
  return { proxy, client, publisher }
}

describe('the accounts are exact', () => {
  test('through connections that are reset again and again', async () => {
    const { proxy, client } = await streamThrough()
    await using _ = proxy
    for (let time = 0; time < 5; time++) {
      proxy.reset()
      await more(client)
    }
    const { lost } = await expectExactAccounts(client)
    expect(lost).toBeGreaterThan(0)
    expect(proxy.connections).toBeGreaterThan(5)
  })

  test('through connections that end in the middle of a message', async () => {
    const { proxy, client } = await streamThrough()
    await using _ = proxy
    for (let time = 1; time <= 5; time++) {
      const before = proxy.connections
      proxy.cutAfter(1000 + 37 * time)
      while (proxy.connections === before) await more(client, 1).catch(() => undefined)
      await more(client)
    }
    await expectExactAccounts(client)
  })

  test('through a cable that is pulled and plugged in again: said within the heartbeat, and nobody waits for ever', async () => {
    const { proxy, client } = await streamThrough(['--heartbeat', '1s'])
    await using _ = proxy
    const told = client.stderr.all.length
    proxy.fault = 'silence'
    await client.stderr.find(/waiting for numbers\/random/, told)
    proxy.fault = 'none'
    await client.stderr.find(/connected again/, told)
    await more(client)
    await expectExactAccounts(client)
  })

  test('through bytes that change on their way', async () => {
    const { proxy, client } = await streamThrough()
    await using _ = proxy
    proxy.fault = 'corruption'
    const { connections } = proxy
    // What is damaged badly enough is said by ZeroMQ to be no message, and the connection is made anew.
    await until(() => proxy.corrupted >= 20 && proxy.connections !== connections)
    proxy.fault = 'none'
    await more(client)
    await expectExactAccounts(client)
  })

  test('through a subscriber that is killed and one that stands still, for the others as well', async () => {
    const endpoint = await freeEndpoint()
    const publisher = bench.start(['publish', 'numbers', '--bind', endpoint, '--interval', '5ms'])
    await publishedAt(publisher, 'numbers/random')
    const start = (): Program => bench.start(['client', '3', '--connect', endpoint, '--json'])
    const watched = start()
    const stopped = start()
    await Promise.all([more(watched), more(stopped)])
    process.kill(stopped.pid, 'SIGSTOP')
    for (let time = 0; time < 3; time++) {
      const killed = start()
      await more(killed)
      await killed.stop('SIGKILL')
    }
    process.kill(stopped.pid, 'SIGCONT')
    await more(stopped)
    expect((await expectExactAccounts(watched)).lost).toBe(0)
    await expectExactAccounts(stopped)
  })

  test('with --wait-for and an orderly end, every client has received or lost all that was sent', async () => {
    const endpoint = await freeEndpoint()
    const options = '--interval 1ms --wait-for 3 --messages 2000'
    const publisher = bench.start(['publish', 'numbers', '--bind', endpoint, ...options.split(' ')])
    const clients = ['even', 'odd', 'all'].map((which) =>
      bench.start(['client', which, '--connect', endpoint, '--json']),
    )
    const { status, stderr } = await publisher.ended
    expect(status).toBe(0)
    expect(stderr.at(-1)).toMatch(/^numbers\/random: sent 2000, /)
    for (const client of clients) {
      await client.stdout.find(/"seq":1999,/)
      const { received, lost } = await expectExactAccounts(client)
      expect(received + lost).toBe(2000)
    }
  })
})

describe('a publisher that may lose nothing', () => {
  test('stays until what it sent has arrived, though its subscriber is slower and speaks meanwhile', async () => {
    const endpoint = await freeEndpoint()
    const options = '--interval 0 --no-batch --wait-for 1 --messages 100000'
    const publisher = bench.start(['publish', 'numbers', '--bind', endpoint, ...options.split(' ')])
    const count = ['--messages', '100000', '--heartbeat', '1s']
    const client = bench.start(['client', '3', '--connect', endpoint, '--quiet', ...count])
    expect((await publisher.ended).stderr.at(-1)).toMatch(/^numbers\/random: sent 100000, /)
    expect((await client.ended).stderr.at(-1)).toMatch(/^received 100000, lost 0, /)
  })

  test('is held up by a client that stands still for the heartbeat at the most, cuts it off, and says so', async () => {
    const endpoint = await freeEndpoint()
    const options = '--interval 0 --count 1000 --heartbeat 2s --wait-for 2'
    const publisher = bench.start(['publish', 'numbers', '--bind', endpoint, ...options.split(' ')])
    const [going, stopped] = [1, 2].map(() => {
      return bench.start(['client', '3', '--connect', endpoint, '--json'])
    }) as [Program, Program]
    await Promise.all([more(going), more(stopped)])
    process.kill(stopped.pid, 'SIGSTOP')
    await until(() => bench.logLines().some((line) => line.endsWith(', and was cut off')))
    await more(going)
    process.kill(stopped.pid, 'SIGCONT')
    await stopped.stderr.find(/connected again/)
    await more(stopped)
    // They end with values that wait to be printed, which count as received.
    const [, lost] = SUMMARY.exec((await going.stop()).stderr.at(-1) as string)?.slice(1) ?? []
    expect(lost).toBe('0')
    const [, missed] = SUMMARY.exec((await stopped.stop()).stderr.at(-1) as string)?.slice(1) ?? []
    expect(Number(missed)).toBeGreaterThan(0)
    await publisher.stop()
  })
})

describe('a publisher whose clock jumps', () => {
  test('costs its subscribers no value, and latencies are not made up', async () => {
    await using publisher = await ForeignPublisher.open()
    const codec = new MsgpackCodec()
    const client = bench.start(['client', '3', '--connect', publisher.endpoint, '--json'])
    await publisher.subscribed
    for (let seq = 0; seq < 100; seq++) {
      const time = Date.now() / 1000 + (seq < 50 ? 7200 : -7200)
      const data = Float64Array.of(seq)
      const block = { kind: 'numbers', seq, time, rows: 1, columns: 1, data } as const
      await publisher.send(...codec.encode({ topic: 'numbers/random', epoch: 1, block }))
    }
    await client.stdout.atLeast(100)
    const { stderr } = await client.stop()
    expect(stderr.at(-1)).toMatch(/^received 100, lost 0, skipped 0, invalid 0, .*clocks differ$/)
  })
})
