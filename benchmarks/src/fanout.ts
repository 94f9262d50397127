import { setTimeout as delay } from 'node:timers/promises'
import type { Benchmark, BenchmarkContext, Comparison } from './benchmark.ts'
import { freeEndpoint } from './free-endpoint.ts'
import { plot } from './plot.ts'
import { Program } from './program.ts'
import { compare, type Outcome, type Sample } from './samples.ts'
import { format, judgeRatio, medianOf } from './verdicts.ts'

const BYTES = 20_000
const ALL = [1, 10, 100, 200, 500]
const C = 'C libzmq'

/** Many subscribers. */
export const fanout: Benchmark = { name: 'fanout', parts: [fanOut] }

interface Sent {
  readonly sent: number
  readonly cpuMs: number
}

interface Received {
  readonly least: number
  readonly p50: number
  readonly p99: number
}

async function run(
  publisher: Program,
  endpoint: string,
  subscribers: number,
  begin: () => void,
): Promise<Sample> {
  const watchers = Program.node('many-subscribers', endpoint, subscribers)
  await watchers.says(/connecting/)
  // Nothing tells from outside when all subscriptions have come.
  await delay(2000)
  begin()
  const { sent, cpuMs } = await publisher.result<Sent>()
  const { least, p50, p99 } = await watchers.result<Received>()
  return { subscribers, lost: sent - least, p50, p99, cpuMs: cpuMs / sent }
}

async function fanOut(context: BenchmarkContext): Promise<Comparison> {
  const { peers, quick } = context
  const seconds = quick ? 2 : 4
  const counts = quick ? [1, 100, 500] : ALL
  const outcomes: Outcome[] = []
  for (const subscribers of counts) {
    const compared = await compare(
      [
        {
          name: `zcast to ${subscribers}`,
          run: async () => {
            const endpoint = await freeEndpoint()
            const publisher = Program.node('send-frames', endpoint, BYTES, seconds)
            await publisher.says(/ready/)
            return run(publisher, endpoint, subscribers, () => publisher.signal('SIGUSR2'))
          },
        },
        {
          name: `${C} to ${subscribers}`,
          missing: peers.cMissing,
          run: async () => {
            const endpoint = await freeEndpoint()
            const publisher = peers.c('frames_publisher', endpoint, subscribers, BYTES, seconds)
            return run(publisher, endpoint, subscribers, () => undefined)
          },
        },
      ],
      quick ? 1 : 2,
    )
    outcomes.push(...compared)
  }
  const most = Math.max(...counts)
  const figures = { outcomes, of: `zcast to ${most}`, to: `${C} to ${most}`, most: 1.5 }
  const lost = medianOf(outcomes, `zcast to ${most}`, 'lost')
  return {
    title: 'Many subscribers',
    method: `Messages of ${format(BYTES)} bytes, 30 a second, to 1 to 500 SUB sockets in one process, the same for both publishers.`,
    outcomes,
    columns: [
      { figure: 'p50', title: 'p50 ms', digits: 2 },
      { figure: 'p99', title: 'p99 ms', digits: 2 },
      { figure: 'cpuMs', title: 'publisher CPU ms a message', digits: 2 },
      { figure: 'lost', title: 'lost', digits: 0 },
    ],
    verdicts: [
      ...(lost === undefined
        ? []
        : [
            {
              what: `${most} subscribers`,
              target: 'nothing lost',
              measured: `lost ${lost}`,
              met: lost === 0,
            },
          ]),
      ...judgeRatio({ ...figures, what: `${most} subscribers, p99`, figure: 'p99' }),
      ...judgeRatio({ ...figures, what: `${most} subscribers, CPU of the publisher`, figure: 'cpuMs' }),
    ],
    plot: plot(
      'publisher CPU ms a message, by subscribers',
      counts,
      ['zcast', C].map((name) => ({
        name,
        values: counts.map((count) => medianOf(outcomes, `${name} to ${count}`, 'cpuMs')),
      })),
    ),
  }
}
