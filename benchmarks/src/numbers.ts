import type { Benchmark, BenchmarkContext, Comparison } from './benchmark.ts'
import { freeEndpoint } from './free-endpoint.ts'
import { Program } from './program.ts'
import { compare, type Sample } from './samples.ts'
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

/** The slowest of the subscribers, and what all of them lost. */
async function countAll(subscribers: readonly Program[]): Promise<Sample> {
  const counted = await Promise.all(subscribers.map((subscriber) => subscriber.result<Counted>()))
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
  const sample = await countAll(subscribers)
  await publisher.stop()
  return sample
}

async function runPyzmq(
  { peers }: BenchmarkContext,
  seconds: number,
  selections: readonly string[],
): Promise<Sample> {
  const endpoint = await freeEndpoint()
  const publisher = peers.python('numbers_publisher', endpoint, selections.length, seconds)
  const sample = await countAll(
    selections.map((selection) => peers.python('numbers_subscriber', endpoint, selection)),
  )
  await publisher.stop()
  return sample
}

async function runC({ peers }: BenchmarkContext, seconds: number): Promise<Sample> {
  const endpoint = await freeEndpoint()
  const publisher = peers.c('numbers_publisher', endpoint, 1, seconds)
  const sample = await countAll([peers.c('numbers_subscriber', endpoint)])
  await publisher.stop()
  return sample
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
    quick ? 1 : 5,
  )
  const figures = { outcomes, figure: 'rate' }
  return {
    title: 'Arrays of six numbers, one subscriber',
    method:
      '`zcast publish numbers --interval 0` against publishers that send one message an array, each as fast as it ' +
      'can and lossless. The subscriber takes each array by itself and adds its values up. ' +
      'PyZMQ sends the same numpy array each time; the others draw every number.',
    outcomes,
    columns: [RATE, LOST],
    verdicts: [
      ...judgeRatio({
        ...figures,
        what: 'arrays of six, one subscriber',
        of: 'zcast',
        to: 'PyZMQ send_pyobj',
        least: 40,
      }),
      ...judgeRatio({
        ...figures,
        what: 'arrays of six, one subscriber',
        of: 'zcast',
        to: 'C libzmq',
        least: 1.5,
      }),
      ...judgeRatio({
        ...figures,
        what: 'one message an array',
        of: 'zcast --no-batch',
        to: 'PyZMQ send_pyobj',
        least: 1.3,
      }),
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
    verdicts: judgeRatio({
      what: 'arrays of six, three subscribers',
      outcomes,
      figure: 'rate',
      of: 'zcast',
      to: 'PyZMQ send_pyobj',
      least: 30,
    }),
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
          const sample = await countAll([Program.node('take-arrays', endpoint)])
          await publisher.stop()
          return sample
        },
      },
      {
        name: 'PyZMQ copy=False',
        missing: peers.pythonMissing,
        run: async () => {
          const endpoint = await freeEndpoint()
          const publisher = peers.python('arrays_publisher', endpoint, seconds)
          const sample = await countAll([peers.python('arrays_subscriber', endpoint)])
          await publisher.stop()
          return sample
        },
      },
    ],
    quick ? 1 : 5,
  )
  return {
    title: 'Arrays of a million numbers (8 MB)',
    method:
      'The same array in each message, lossless, through the library on one side and as a raw buffer on the other.',
    outcomes,
    columns: [{ ...RATE, digits: 1 }, LOST],
    verdicts: judgeRatio({
      what: 'arrays of a million numbers',
      outcomes,
      figure: 'rate',
      of: 'zcast',
      to: 'PyZMQ copy=False',
      least: 1,
    }),
  }
}
