import type { BenchmarkContext, Comparison } from './benchmark.ts'
import { natsMissing, startNats } from './nats-program.ts'
import { Program } from './program.ts'
import { measure, openFrames, startRelay, starters, type Start } from './relay.ts'
import { compare, type Contender, type Outcome, type Sample } from './samples.ts'
import { format } from './verdicts.ts'

const PICTURE_BYTES = 150_000
const SMALL_BYTES = 5000
const FPS = 30

/** Subscribers are spread over so many processes, as one takes no more sockets. */
const PROCESSES = 4

/** Pictures through one hop to some subscribers: a relay, and a NATS server with zcast's publisher and without. */
interface Hop {
  readonly bytes: number
  readonly seconds: number
  readonly subscribers: number
}

async function throughRelay({ bytes, seconds, subscribers }: Hop, start: Start): Promise<Sample> {
  const { publisher, endpoint: above } = await openFrames(bytes, seconds)
  const { program, endpoint } = await startRelay(start, above)
  const watchers = watch('many-subscribers', endpoint, subscribers)
  return measure({ publisher, endpoint, relays: [program], watchers }, 1)
}

async function throughNats(
  { bytes, seconds, subscribers }: Hop,
  sender: 'send-frames' | 'nats-send',
): Promise<Sample> {
  const { program, endpoint } = await startNats()
  const publisher = Program.node(sender, endpoint, bytes, seconds)
  await publisher.says(/ready/)
  const watchers = watch('many-nats-subscribers', endpoint, subscribers)
  return measure({ publisher, endpoint, relays: [program], watchers }, 1)
}

function watch(module: string, endpoint: string, subscribers: number): readonly Program[] {
  const processes = Math.min(PROCESSES, subscribers)
  return Array.from({ length: processes }, () => Program.node(module, endpoint, subscribers / processes))
}

function contendersOf(context: BenchmarkContext, hop: Hop, suffix: string): readonly Contender[] {
  const { zcast, zmq_proxy: proxy } = starters(context)
  return [
    { name: `zcast relay${suffix}`, run: () => throughRelay(hop, zcast) },
    {
      name: `zmq_proxy${suffix}`,
      missing: context.peers.cMissing,
      run: () => throughRelay(hop, proxy),
    },
    {
      name: `nats-server, zcast publishes${suffix}`,
      missing: natsMissing,
      run: () => throughNats(hop, 'send-frames'),
    },
    {
      name: `nats-server, a bare loop publishes${suffix}`,
      missing: natsMissing,
      run: () => throughNats(hop, 'nats-send'),
    },
  ]
}

const COLUMNS: Comparison['columns'] = [
  { figure: 'p50', title: 'p50 ms', digits: 2 },
  { figure: 'p99', title: 'p99 ms', digits: 2 },
  { figure: 'cpuMs', title: 'CPU ms a picture in the middle', digits: 2 },
  { figure: 'sendMs', title: 'at the publisher', digits: 2 },
  { figure: 'lost', title: 'lost', digits: 0 },
]

/** One large picture to one subscriber. */
export async function natsHop(context: BenchmarkContext): Promise<Comparison> {
  const hop: Hop = { bytes: PICTURE_BYTES, seconds: context.quick ? 3 : 10, subscribers: 1 }
  return {
    title: 'A relay and a NATS server',
    method: `Pictures of ${format(PICTURE_BYTES)} bytes, ${FPS} a second, through one process in the middle to one bare subscriber.`,
    outcomes: await compare(contendersOf(context, hop, ''), context.quick ? 2 : 5),
    columns: COLUMNS,
    verdicts: [],
  }
}

/** Small pictures to many subscribers. */
export async function natsFanOut(context: BenchmarkContext): Promise<Comparison> {
  const outcomes: Outcome[] = []
  const counts = context.quick ? [40, 1000] : [40, 200, 1000]
  for (const subscribers of counts) {
    const hop: Hop = { bytes: SMALL_BYTES, seconds: context.quick ? 2 : 4, subscribers }
    outcomes.push(...(await compare(contendersOf(context, hop, `, ${subscribers}`), context.quick ? 1 : 2)))
  }
  return {
    title: 'A relay and a NATS server, many subscribers',
    method: `Pictures of ${format(SMALL_BYTES)} bytes, ${FPS} a second, through one process in the middle to ${counts.join(', ')} bare subscribers on this machine.`,
    outcomes,
    columns: COLUMNS,
    verdicts: [],
  }
}
