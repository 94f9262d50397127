import { setTimeout as delay } from 'node:timers/promises'
import type { Benchmark, BenchmarkContext, Comparison } from './benchmark.ts'
import { freeEndpoint } from './free-endpoint.ts'
import { Program } from './program.ts'
import { compare, type Contender, type Outcome, type Sample } from './samples.ts'
import { format, judgeLimit, medianOf } from './verdicts.ts'

const PICTURE_BYTES = 150_000
const SMALL_BYTES = 5000
const HOPS = 3
const LEAVES = 4

/** Subscribers of the tree that two cores serve beside the programs that subscribe, and more than they can. */
const FITTING = [40, 200] as const
const CROWD = 1000
const FPS = 30

/** Relays in a row and in a tree. */
export const relay: Benchmark = { name: 'relay', parts: [row, tree] }

interface Sent {
  readonly sent: number
  readonly cpuMs: number
}

interface Received {
  readonly least: number
  readonly p50: number
  readonly p99: number
}

/** Starts something that hands on what one endpoint sends at another. */
export type Start = (from: string, to: string) => Program

export function starters({
  directory,
  peers,
}: BenchmarkContext): Readonly<Record<'zcast' | 'zmq_proxy', Start>> {
  return {
    zcast: (from, to) =>
      Program.zcast(directory, 'relay', '--connect', from, '--bind', to, '--carries', 'pictures'),
    zmq_proxy: (from, to) => peers.c('zmq_relay', from, to),
  }
}

export async function startRelay(
  start: Start,
  from: string,
): Promise<{ program: Program; endpoint: string }> {
  const endpoint = await freeEndpoint()
  const program = start(from, endpoint)
  await program.says(/passing on/)
  return { program, endpoint }
}

interface Measured {
  readonly endpoint: string
  readonly publisher: Program
  readonly relays: readonly Program[]
  readonly watchers: readonly Program[]
}

/** Sends pictures to watchers that are all there; what each relay costs is counted meanwhile. */
export async function measure({ publisher, relays, watchers }: Measured, leaves: number): Promise<Sample> {
  for (const each of watchers) await each.says(/connecting/)
  // Nothing tells from outside when all subscriptions have come.
  await delay(2000)
  const before = relays.map((each) => each.cpuMs())
  publisher.signal('SIGUSR2')
  const { sent, cpuMs: sendMs } = await publisher.result<Sent>()
  const cpuMs = relays.map((each, index) => each.cpuMs() - (before[index] as number))
  const results = await Promise.all(watchers.map((each) => each.result<Received>()))
  await Promise.all(relays.map((each) => each.stop('SIGKILL')))
  const ofLeaves = cpuMs.slice(-leaves)
  const sum = ofLeaves.reduce((total, each) => total + each, 0)
  return {
    lost: sent - Math.min(...results.map(({ least }) => least)),
    p50: results.reduce((sum, { p50 }) => sum + p50, 0) / results.length,
    p99: Math.max(...results.map(({ p99 }) => p99)),
    sendMs: sendMs / sent,
    ...(ofLeaves.length > 0 && { cpuMs: sum / ofLeaves.length / sent }),
  }
}

/** Starts a publisher of pictures, which waits until it is told. */
export async function openFrames(
  bytes: number,
  seconds: number,
): Promise<{ publisher: Program; endpoint: string }> {
  const endpoint = await freeEndpoint()
  const publisher = Program.node('send-frames', endpoint, bytes, seconds)
  await publisher.says(/ready/)
  return { publisher, endpoint }
}

async function row(context: BenchmarkContext): Promise<Comparison> {
  const seconds = context.quick ? 3 : 10
  const run = async (hops: number, start?: Start): Promise<Sample> => {
    const { publisher, endpoint: first } = await openFrames(PICTURE_BYTES, seconds)
    let endpoint = first
    const relays: Program[] = []
    while (start && relays.length < hops) {
      const next = await startRelay(start, endpoint)
      relays.push(next.program)
      ;({ endpoint } = next)
    }
    const watchers = [Program.node('many-subscribers', endpoint, 1)]
    return measure({ publisher, endpoint, relays, watchers }, Math.max(hops, 1))
  }
  const { zcast, zmq_proxy: proxy } = starters(context)
  const contenders: Contender[] = [
    { name: 'direct', run: () => run(0) },
    { name: `zcast relay, ${HOPS} hops`, run: () => run(HOPS, zcast) },
    { name: `zmq_proxy, ${HOPS} hops`, missing: context.peers.cMissing, run: () => run(HOPS, proxy) },
  ]
  const outcomes = await compare(contenders, context.quick ? 2 : 5)
  const hop = (name: string): number | undefined => {
    const [direct, through] = [medianOf(outcomes, 'direct', 'p50'), medianOf(outcomes, name, 'p50')]
    return direct === undefined || through === undefined ? undefined : (through - direct) / HOPS
  }
  const [, ours = { name: '' }, theirs = { name: '' }] = contenders
  const beside = hop(theirs.name)
  return {
    title: 'Relays in a row',
    method: `Pictures of ${format(PICTURE_BYTES)} bytes, ${FPS} a second, to one SUB socket behind ${HOPS} relays, each a process; CPU of one relay. One hop of zmq_proxy takes ${beside === undefined ? 'an unknown time' : `${format(beside, 2)} ms`}.`,
    outcomes,
    columns: [
      { figure: 'p50', title: 'p50 ms', digits: 2 },
      { figure: 'p99', title: 'p99 ms', digits: 2 },
      { figure: 'cpuMs', title: 'CPU ms a picture and relay', digits: 2 },
      { figure: 'lost', title: 'lost', digits: 0 },
    ],
    verdicts: [
      ...judgeLimit({ what: 'a hop, p50', value: hop(ours.name), limit: 0.3, unit: 'ms', digits: 2 }),
      ...judgeLimit({
        what: 'a hop, CPU of a picture to one peer',
        value: medianOf(outcomes, ours.name, 'cpuMs'),
        limit: 0.15,
        unit: 'ms',
        digits: 2,
      }),
    ],
  }
}

async function tree(context: BenchmarkContext): Promise<Comparison> {
  const seconds = context.quick ? 2 : 4
  const counts = context.quick ? FITTING : [...FITTING, CROWD]
  const run = async (subscribers: number, start: Start): Promise<Sample> => {
    const { publisher, endpoint } = await openFrames(SMALL_BYTES, seconds)
    const root = await startRelay(start, endpoint)
    const leaves = []
    for (let leaf = 0; leaf < LEAVES; leaf++) leaves.push(await startRelay(start, root.endpoint))
    const watchers = leaves.map((leaf) =>
      Program.node('many-subscribers', leaf.endpoint, subscribers / LEAVES),
    )
    const relays = [root, ...leaves].map(({ program }) => program)
    return measure({ publisher, endpoint, relays, watchers }, LEAVES)
  }
  const outcomes: Outcome[] = []
  const { zcast, zmq_proxy: proxy } = starters(context)
  for (const subscribers of counts) {
    const compared = await compare(
      [
        { name: `zcast relay, ${subscribers}`, run: () => run(subscribers, zcast) },
        {
          name: `zmq_proxy, ${subscribers}`,
          missing: context.peers.cMissing,
          run: () => run(subscribers, proxy),
        },
      ],
      context.quick ? 1 : 2,
    )
    outcomes.push(...compared)
  }
  const [few, most] = FITTING
  const ours = (subscribers: number, figure: string): number | undefined =>
    medianOf(outcomes, `zcast relay, ${subscribers}`, figure)
  const lost = ours(most, 'lost')
  const perSubscriber = (subscribers: number): number =>
    (ours(subscribers, 'cpuMs') ?? Number.NaN) / subscribers
  return {
    title: 'A tree of relays',
    method: `Pictures of ${format(SMALL_BYTES)} bytes, ${FPS} a second, through one relay to ${LEAVES} others, and from those to ${counts.join(', ')} SUB sockets, all on this machine; CPU of one of the ${LEAVES}.${context.quick ? '' : ` With ${format(CROWD)} the machine is busy with the subscribers alone: that row is not judged.`}`,
    outcomes,
    columns: [
      { figure: 'p50', title: 'p50 ms', digits: 2 },
      { figure: 'p99', title: 'p99 ms', digits: 2 },
      { figure: 'cpuMs', title: 'CPU ms a picture and relay', digits: 2 },
      { figure: 'lost', title: 'lost', digits: 0 },
    ],
    verdicts:
      lost === undefined
        ? []
        : [
            {
              what: `${most} subscribers`,
              target: 'nothing lost',
              measured: `lost ${lost}`,
              met: lost === 0,
            },
            ...judgeLimit({
              what: `CPU a subscriber, ${most} against ${few}`,
              value: perSubscriber(most) / perSubscriber(few),
              limit: 1.1,
              unit: 'times',
              digits: 2,
            }),
          ],
  }
}
