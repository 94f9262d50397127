import type { Benchmark, BenchmarkContext, Comparison } from './benchmark.ts'
import { freeEndpoint } from './free-endpoint.ts'
import { Program } from './program.ts'
import { compare, type Sample } from './samples.ts'
import { judgeLimit, judgeRatio, medianOf } from './verdicts.ts'

const ZCAST = 'zcast, pushed'
const SINGLE = 'zcast, pushed, one message an array'
const PYZMQ = 'PyZMQ'
const DUE = 'zcast publish numbers --interval 1ms'

/** How soon small values are there. */
export const values: Benchmark = { name: 'values', parts: [smallValues] }

async function smallValues({ peers, directory, quick }: BenchmarkContext): Promise<Comparison> {
  const seconds = quick ? 3 : 6
  const missing = peers.pythonMissing
  const measure = async (
    by: 'pushed' | 'due',
    publish: (endpoint: string) => Program,
    ready: RegExp,
  ): Promise<Sample> => {
    const endpoint = await freeEndpoint()
    const publisher = publish(endpoint)
    try {
      await publisher.says(ready)
      return await peers.python('values_subscriber', endpoint, seconds, by).result<Sample>()
    } finally {
      await publisher.stop('SIGKILL')
    }
  }
  const push = (joined: string) => (): Promise<Sample> =>
    measure('pushed', (endpoint) => Program.node('push-values', endpoint, joined), /ready/)
  const interval = ['--interval', '1ms']
  const outcomes = await compare(
    [
      { name: ZCAST, missing, run: push('joined') },
      {
        name: PYZMQ,
        missing,
        run: () => measure('pushed', (endpoint) => peers.python('values_publisher', endpoint), /ready/),
      },
      { name: SINGLE, missing, run: push('single') },
      {
        name: DUE,
        missing,
        run: () =>
          measure(
            'due',
            (endpoint) => Program.zcast(directory, 'publish', 'numbers', ...interval, '--bind', endpoint),
            /publishing/,
          ),
      },
    ],
    quick ? 1 : 5,
  )
  const figures = { outcomes, of: ZCAST, to: PYZMQ }
  return {
    title: 'Small values, soon',
    method:
      'Arrays of six, 1000 a second, to the same PyZMQ subscriber: from when each is handed to the library to when it is ' +
      'received, by the monotonic clock that all share. For the command, from when each was due, its timer included.',
    outcomes,
    columns: [
      { figure: 'p50', title: 'p50 ms', digits: 2 },
      { figure: 'p99', title: 'p99 ms', digits: 2 },
      { figure: 'arrays', title: 'arrays/s', digits: 0 },
      { figure: 'messages', title: 'messages/s', digits: 0 },
    ],
    verdicts: [
      ...judgeRatio({ ...figures, what: '1000 arrays a second, p50', figure: 'p50', most: 1.3 }),
      ...judgeRatio({ ...figures, what: '1000 arrays a second, p99', figure: 'p99', most: 1.5 }),
      ...judgeLimit({
        what: '--interval 1ms, p50',
        value: medianOf(outcomes, DUE, 'p50'),
        limit: 0.6,
        unit: 'ms',
        digits: 2,
      }),
    ],
  }
}
