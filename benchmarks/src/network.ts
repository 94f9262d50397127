import { setTimeout as delay } from 'node:timers/promises'
import type { Benchmark, BenchmarkContext, Column, Comparison, Verdict } from './benchmark.ts'
import { agesBetween } from './network/ages.ts'
import { neighbours } from './network/neighbours.ts'
import {
  FPS,
  PYZMQ_SMALL,
  streamers,
  ZCAST,
  ZCAST_PYZMQ,
  type Streamer,
  type Watched,
} from './network/contenders.ts'
import { openLink, type Link, type LinkSpeed } from './network/link.ts'
import { compare, type Outcome, type Sample } from './samples.ts'
import { format, judgeLeast, judgeLimit, judgeRatio, medianOf } from './verdicts.ts'

/** A network and what it is to be judged by. */
interface Case extends LinkSpeed {
  readonly name: string
  readonly pictureBytes: number
  /** Most milliseconds. */
  readonly p50: number
  readonly worst?: number
  /** Least share of the pictures that the network carries, in percent. */
  readonly carried: number
}

const CASES: readonly Case[] = [
  { name: '300 kB/s', bytesASecond: 300e3, pictureBytes: 70e3, p50: 500, worst: 900, carried: 90 },
  { name: '1.25 MB/s', bytesASecond: 1.25e6, pictureBytes: 70e3, p50: 200, worst: 400, carried: 90 },
  {
    name: '4 MB/s, 100 ms there and back',
    bytesASecond: 4e6,
    roundTripMs: 100,
    pictureBytes: 150e3,
    p50: 350,
    carried: 80,
  },
]

/** What comes while everybody is still starting, and before it shows that the network is slow, says nothing. */
const WARM_UP_S = 6

const FAST = 10e6
const SLOW = 300e3

/** After a change everything is to be as it was within this time. */
const SETTLE_S = 3

const COLUMNS: readonly Column[] = [
  { figure: 'p50', title: 'age p50 ms', digits: 0 },
  { figure: 'worst', title: 'worst ms', digits: 0 },
  { figure: 'fps', title: 'pictures/s', digits: 1 },
  { figure: 'carried', title: '% of what it carries', digits: 0 },
  { figure: 'grownMiB', title: 'publisher grew by MiB', digits: 0 },
]

/** How old pictures are behind a network that is slower than their stream. */
export const network: Benchmark = {
  name: 'network',
  parts: [...CASES.map((one) => (context: BenchmarkContext) => steady(context, one)), changing, neighbours],
}

/** How many pictures a second a network has room for. */
function most(bytesASecond: number, pictureBytes: number): number {
  return Math.min(FPS, bytesASecond / pictureBytes)
}

/** Lets a contender stream over a network. @param during - Gives the figures, once it has started. */
async function stream(
  streamer: Streamer,
  link: Link,
  [pictureBytes, seconds]: readonly [number, number],
  during: () => Promise<(watched: Watched) => Sample>,
): Promise<Sample> {
  const publisher = streamer.publish(link, pictureBytes)
  try {
    await publisher.says(/ready/)
    const before = publisher.rssMiB()
    const watcher = streamer.watch(link, seconds)
    const judge = await during()
    const grownMiB = Math.max(0, publisher.rssMiB() - before)
    return { ...judge(await watcher.result<Watched>()), grownMiB }
  } finally {
    await publisher.stop('SIGKILL')
    await link.close()
  }
}

async function steady({ peers, quick }: BenchmarkContext, one: Case): Promise<Comparison> {
  const seconds = quick ? 6 : 20
  const limit = most(one.bytesASecond, one.pictureBytes)
  let kind = ''
  const outcomes = await compare(
    streamers(peers).map((streamer) => ({
      name: streamer.name,
      missing: streamer.missing,
      run: async () => {
        const link = await openLink(one)
        kind = link.kind
        // A little longer, as the program that watches starts a little later.
        return stream(streamer, link, [one.pictureBytes, WARM_UP_S + seconds + 1], async () => {
          await delay(WARM_UP_S * 1000)
          const from = Date.now()
          await delay(seconds * 1000)
          return ({ arrivals }) => withShare(agesBetween(arrivals, from, from + seconds * 1000), limit)
        })
      },
    })),
    // The proxy is a program, and notices what else the machine does.
    one.roundTripMs === undefined || quick ? 1 : 3,
  )
  const title = `Pictures of ${one.pictureBytes / 1000} kB behind ${one.name}`
  return {
    title,
    method:
      `${FPS} a second over ${kind} (${one.name}, which has room for ${format(limit, 1)} of them); ages by the time ` +
      `in each header, over ${seconds} s, ${WARM_UP_S} s after the start.`,
    outcomes,
    columns: COLUMNS,
    verdicts: judge(title, outcomes, one),
  }
}

function withShare(sample: Sample, limit: number): Sample {
  return { ...sample, carried: ((sample['fps'] ?? 0) / limit) * 100 }
}

function judge(
  what: string,
  outcomes: readonly Outcome[],
  { p50, worst, carried }: Pick<Case, 'p50' | 'worst' | 'carried'>,
): Verdict[] {
  const age = (of: string, figure: string): number | undefined => medianOf(outcomes, of, figure)
  const ms = { unit: 'ms', digits: 0 }
  return [
    ...judgeLimit({ what: `${what}, age p50`, value: age(ZCAST, 'p50'), limit: p50, ...ms }),
    ...(worst === undefined
      ? []
      : judgeLimit({ what: `${what}, worst age`, value: age(ZCAST, 'worst'), limit: worst, ...ms })),
    ...judgeLeast({
      what: `${what}, pictures`,
      value: age(ZCAST, 'carried'),
      limit: carried,
      unit: '% of what it carries',
      digits: 0,
    }),
    ...judgeRatio({ what: `${what}, age p50`, outcomes, figure: 'p50', of: ZCAST, to: PYZMQ_SMALL, most: 1 }),
    ...judgeRatio({
      what: `${what}, age p50 of a PyZMQ viewer`,
      outcomes,
      figure: 'p50',
      of: ZCAST_PYZMQ,
      to: PYZMQ_SMALL,
      most: 2,
    }),
  ]
}

/** From fast to slow and back. */
async function changing({ peers, quick }: BenchmarkContext): Promise<Comparison> {
  const spans = quick ? [5, 8, 8] : [8, 15, 15]
  const [before, slow, after] = spans as [number, number, number]
  const [slowest, fastest] = [most(SLOW, 70e3), most(FAST, 70e3)]
  let kind = ''
  const outcomes = await compare(
    streamers(peers).map((streamer) => ({
      name: streamer.name,
      missing: streamer.missing,
      run: async () => {
        const link = await openLink({ bytesASecond: FAST })
        kind = link.kind
        return stream(streamer, link, [70e3, before + slow + after + 1], async () => {
          await delay(before * 1000)
          link.carry(SLOW)
          const slowAt = Date.now()
          await delay(slow * 1000)
          link.carry(FAST)
          const fastAt = Date.now()
          await delay(after * 1000)
          const until = Date.now()
          return ({ arrivals }) => {
            const back = withShare(agesBetween(arrivals, fastAt + SETTLE_S * 1000, until), fastest)
            return {
              ...withShare(agesBetween(arrivals, slowAt + SETTLE_S * 1000, fastAt), slowest),
              ...Object.fromEntries(Object.entries(back).map(([name, figure]) => [`${name} back`, figure])),
            }
          }
        })
      },
    })),
    1,
  )
  const title = 'Pictures of 70 kB from 10 MB/s to 300 kB/s and back'
  const ms = { unit: 'ms', digits: 0 }
  return {
    title,
    method:
      `${FPS} a second over ${kind}: ${before} s fast, ${slow} s slow, ${after} s fast again. Figures begin ${SETTLE_S} s ` +
      'after each change; "back" is after the second.',
    outcomes,
    columns: [
      ...COLUMNS,
      { figure: 'p50 back', title: 'back: age p50 ms', digits: 0 },
      { figure: 'worst back', title: 'back: worst ms', digits: 0 },
      { figure: 'fps back', title: 'back: pictures/s', digits: 1 },
    ],
    verdicts: [
      ...judge(`${title}, slow`, outcomes, CASES[0] as Case),
      ...judgeLimit({
        what: `${title}, fast again, age p50`,
        value: medianOf(outcomes, ZCAST, 'p50 back'),
        limit: 100,
        ...ms,
      }),
      ...judgeLeast({
        what: `${title}, fast again, pictures`,
        value: medianOf(outcomes, ZCAST, 'carried back'),
        limit: 90,
        unit: '% of what is sent',
        digits: 0,
      }),
    ],
  }
}
