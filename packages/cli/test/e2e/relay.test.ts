import { describe, expect, test } from '@jest/globals'
import { findPython } from '@zcast/testing/machine/python'
import { ForeignPublisher } from '../support/foreign-publisher.ts'
import { freeEndpoint } from '@zcast/testing/network/free-ports'
import { numbersMessage } from '../support/messages.ts'
import type { Program } from '../support/program.ts'
import { useWorkbench } from '../support/zcast.ts'

const bench = useWorkbench()
const python = findPython('zmq, msgpack')

/** Prints what comes as JSON: the topic, how many parts, and the header where there is one. */
const SUBSCRIBER = `
import json, sys, msgpack, zmq
socket = zmq.Context().socket(zmq.SUB)
socket.connect(sys.argv[1])
for prefix in sys.argv[2:]: socket.subscribe(prefix)
while True:
    parts = socket.recv_multipart()
    header = msgpack.unpackb(parts[1]) if parts[0].startswith(b"numbers/") else None
    print(json.dumps([parts[0].decode(), len(parts), sum(map(len, parts)), header]), flush=True)
`

/** Starts a relay and waits until it listens. */
async function relay(from: string, to: string, ...more: string[]): Promise<Program> {
  const program = bench.start(['relay', '--connect', from, '--bind', to, ...more])
  await program.stderr.find(/passing on/)
  return program
}

/** The counts in the last line of a relay. */
function countsOf(stderr: readonly string[]): readonly number[] {
  const match = /^received (\d+), lost (\d+), sent (\d+)/.exec(stderr.at(-1) ?? '')
  return match ? match.slice(1).map(Number) : []
}

python.describe('PyZMQ below two relays', () => {
  test('receives what a stranger sends: its own topics as they are, values with their numbers', async () => {
    await using publisher = await ForeignPublisher.open()
    const [middle, below] = [await freeEndpoint(), await freeEndpoint()]
    const relays = [
      await relay(publisher.endpoint, middle, '--delivery', 'all'),
      await relay(middle, below, '--delivery', 'all'),
    ]
    const subscriber = bench.launch(python.path as string, [
      '-c',
      SUBSCRIBER,
      below,
      'numbers/',
      'weather',
      'big',
    ])
    await publisher.subscribed
    // Nothing tells when all prefixes have come: what is sent until then is not theirs.
    const greet = setInterval(() => void publisher.send('big', 'hello'), 50)
    await subscriber.stdout.find(/"big"/)
    clearInterval(greet)
    for (let seq = 0; seq < 50; seq++) await publisher.send(...numbersMessage(seq, [seq], 'numbers/far', 7))
    await publisher.send('weather 21')
    await publisher.send('big', Buffer.alloc(3 * 1024 * 1024), 'end')
    // Values and messages of others do not wait for one another.
    await subscriber.stdout.find(/\["big", 3, 3145734, null\]/)
    await subscriber.stdout.find(/"seq": 49/)
    const lines = subscriber.stdout.all.map((line) => JSON.parse(line) as [string, number, number, object])
    const numbers = lines.filter(([topic]) => topic === 'numbers/far').map(([, , , header]) => header)
    expect(numbers).toEqual(
      Array.from({ length: 50 }, (_, seq) => expect.objectContaining({ seq, epoch: 7, hops: 2 })),
    )
    expect(lines).toContainEqual(['weather 21', 1, 10, null])
    for (const program of relays) expect(countsOf((await program.stop()).stderr)).toEqual([50, 0, 50])
  })
})

describe('a relay that is killed', () => {
  test('costs what was in flight, which those below count, and goes on when it is started again', async () => {
    const [source, below] = [await freeEndpoint(), await freeEndpoint()]
    const publisher = bench.start(['publish', 'numbers', '--bind', source, '--interval', '10ms'])
    let hop = await relay(source, below)
    const client = bench.start(['client', '3', '--connect', below, '--json'])
    await client.stdout.atLeast(20)
    await hop.stop('SIGKILL')
    await client.stderr.find(/waiting for/)
    const before = client.stdout.all.length
    hop = await relay(source, below)
    await client.stdout.atLeast(before + 20)
    const { stderr, stdout } = await client.stop()
    const values = stdout.map((line) => JSON.parse(line) as { epoch: number; seq: number })
    expect(new Set(values.map(({ epoch }) => epoch)).size).toBe(1)
    const [first = 0, last = 0] = [values[0]?.seq, values.at(-1)?.seq]
    expect(stderr.at(-1)).toMatch(
      new RegExp(String.raw`^received ${values.length}, lost ${last - first + 1 - values.length}, `),
    )
    expect(countsOf((await hop.stop()).stderr)[1]).toBe(0)
    await publisher.stop()
  })
})

test('a relay encrypts on either side with keys of its own, and what is above is seen below', async () => {
  const keys = ['--keys-dir', bench.path('keys')]
  for (const name of ['camera', 'hop', 'site', 'guest']) await bench.run(['keys', 'new', name, ...keys])
  const [source, below] = [await freeEndpoint(), await freeEndpoint()]
  const publish = ['publish', 'numbers', '--bind', source, '--interval', '20ms', ...keys]
  const publisher = bench.start([...publish, '--curve', 'camera', '--allow', 'hop'])
  await publisher.stderr.find(/publishing/)
  const above = ['--curve', 'hop', '--server-key', 'camera']
  const hop = await relay(source, below, ...above, '--to-curve', 'site', '--allow', 'guest', ...keys)
  const client = bench.start([
    'client',
    '3',
    '--connect',
    below,
    '--curve',
    'guest',
    '--server-key',
    'site',
    ...keys,
  ])
  await client.stdout.atLeast(5)
  const stranger = bench.start([
    'client',
    '3',
    '--connect',
    below,
    '--curve',
    'hop',
    '--server-key',
    'site',
    ...keys,
  ])
  await stranger.stderr.find(/refused|not allowed|denied/)
  expect(stranger.stdout.all).toEqual([])
  await client.stop()
  await hop.stop()
})

test.each([
  [['relay'], 'name a publisher'],
  [['relay', '--connect', 'tcp://127.0.0.1:5550'], 'cannot be both where values come from and where they go'],
  [['relay', '--connect', 'tcp://127.0.0.1:1', '--max-rate', 'video=5'], 'max-rate must be'],
  [['relay', '--connect', 'tcp://127.0.0.1:1', '--allow', 'lab'], 'allow needs to-curve'],
])('%j is refused with a sentence', async (args, sentence) => {
  const { status, stderr } = await bench.run(args)
  expect({ status, stderr }).toEqual({ status: 2, stderr: [expect.stringContaining(sentence)] })
})
