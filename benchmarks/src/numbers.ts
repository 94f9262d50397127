import type { Benchmark, BenchmarkContext, Comparison, Verdict } from './benchmark.ts'
import { freeEndpoint } from './free-endpoint.ts'
import { Program } from './program.ts'
import { compare, type Outcome, type Sample } from './samples.ts'
import { judgeRatio } from './verdicts.ts'

const RATE = { figure: 'rate', title: 'arrays/s', digits: 0 }
const LOST = { figure: 'lost', title: 'lost', digits: 0 }

/** Numbers as fast as they go. */
export const numbers: Benchmark = { name: 'numbers', parts: [oneSubscriber, threeSubscribers, bigArrays] }

interface Counted {
  readonly received: number
  readonly rate: number
  readonly lost?: number
}

/** Judges whether a contender is at least so many times as fast as a peer. */
function judgeRate(
  outcomes: readonly Outcome[],
  what: string,
  of: string,
  least: number,
  to: string,
): Verdict[] {
  return judgeRatio({ what, outcomes, figure: 'rate', of, to, least })
}

/** The slowest of the subscribers, and what all of them lost; the publisher ends once they have counted. */
async function countAll(publisher: Program, subscribers: readonly Program[]): Promise<Sample> {
  const counted = await Promise.all(subscribers.map((subscriber) => subscriber.result<Counted>()))
  await publisher.stop()
  const lost = counted.reduce((sum, one) => sum + (one.lost ?? 0), 0)
  return { rate: Math.min(...counted.map(({ rate }) => rate)), lost }
}

async function runZcast(
  { directory }: BenchmarkContext,
  seconds: number,
  selections: readonly string[],
  ...options: string[]
): Promise<Sample> {
  const endpoint = await freeEndpoint()
  const subscribers = selections.map((selection) => Program.node('count-rows', endpoint, selection))
  const fast = ['--interval', '0', '--for', `${seconds}s`]
  const publisher = Program.zcast(directory, 'publish', 'numbers', '--bind', endpoint, ...fast, ...options)
  return countAll(publisher, subscribers)
}

async function runPyzmq(
  { peers }: BenchmarkContext,
  seconds: number,
  selections: readonly string[],
): Promise<Sample> {
  const endpoint = await freeEndpoint()
  const publisher = peers.python('numbers_publisher', endpoint, selections.length, seconds)
  return countAll(
    publisher,
    selections.map((selection) => peers.python('numbers_subscriber', endpoint, selection)),
  )
}

async function runC({ peers }: BenchmarkContext, seconds: number): Promise<Sample> {
  const endpoint = await freeEndpoint()
  const publisher = peers.c('numbers_publisher', endpoint, 1, seconds)
  return countAll(publisher, [peers.c('numbers_subscriber', endpoint)])
}

async function oneSubscriber(context: BenchmarkContext): Promise<Comparison> {
  const { peers, quick } = context
  const seconds = quick ? 1 : 3
  const outcomes = await compare(
    [
      { name: 'zcast', run: () => runZcast(context, seconds, ['all']) },
      { name: 'zcast --no-batch', run: () => runZcast(context, seconds, ['all'], '--no-batch') },
      {
        name: 'PyZMQ send_pyobj',
        missing: peers.pythonMissing,
        run: () => runPyzmq(context, seconds, ['all']),
      },
      { name: 'C libzmq', missing: peers.cMissing, run: () => runC(context, seconds) },
    ],
    quick ? 1 : 3,
  )
  return {
    title: 'Arrays of six numbers, one subscriber',
    method:
      '`zcast publish numbers --interval 0` against publishers that send one message an array, each as fast as it ' +
      'can and lossless. The subscriber takes each array by itself and adds its values up. ' +
      'PyZMQ sends the same numpy array each time; the others draw every number.',
    outcomes,
    columns: [RATE, LOST],
    verdicts: [
      ...judgeRate(outcomes, 'arrays of six, one subscriber', 'zcast', 40, 'PyZMQ send_pyobj'),
      ...judgeRate(outcomes, 'arrays of six, one subscriber', 'zcast', 1.5, 'C libzmq'),
      ...judgeRate(outcomes, 'one message an array', 'zcast --no-batch', 1.3, 'PyZMQ send_pyobj'),
    ],
  }
}

async function threeSubscribers(context: BenchmarkContext): Promise<Comparison> {
  const { peers, quick } = context
  const seconds = quick ? 1 : 3
  const three = ['even', 'odd', 'all']
  const outcomes = await compare(
    [
      { name: 'zcast', run: () => runZcast(context, seconds, three) },
      {
        name: 'PyZMQ send_pyobj',
        missing: peers.pythonMissing,
        run: () => runPyzmq(context, seconds, three),
      },
    ],
    quick ? 1 : 3,
  )
  return {
    title: 'Arrays of six numbers, three subscribers',
    method:
      'The same with a subscriber for the even positions, one for the odd ones and one for all; the slowest counts.',
    outcomes,
    columns: [RATE, LOST],
    verdicts: judgeRate(outcomes, 'arrays of six, three subscribers', 'zcast', 30, 'PyZMQ send_pyobj'),
  }
}

async function bigArrays(context: BenchmarkContext): Promise<Comparison> {
  const { peers, quick } = context
  const seconds = quick ? 1 : 3
  const outcomes = await compare(
    [
      {
        name: 'zcast',
        run: async () => {
          const endpoint = await freeEndpoint()
          const publisher = Program.node('send-arrays', endpoint, seconds)
          return countAll(publisher, [Program.node('take-arrays', endpoint)])
        },
      },
      {
        name: 'PyZMQ copy=False',
        missing: peers.pythonMissing,
        run: async () => {
          const endpoint = await freeEndpoint()
          const publisher = peers.python('arrays_publisher', endpoint, seconds)
          return countAll(publisher, [peers.python('arrays_subscriber', endpoint)])
        },
      },
    ],
    quick ? 1 : 3,
  )
  return {
    title: 'Arrays of a million numbers (8 MB)',
    method:
      'The same array in each message, lossless, through the library on one side and as a raw buffer on the other.',
    outcomes,
    columns: [{ ...RATE, digits: 1 }, LOST],
    verdicts: judgeRate(outcomes, 'arrays of a million numbers', 'zcast', 1, 'PyZMQ copy=False'),
  }
}
