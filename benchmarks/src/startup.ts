import { Subscriber } from '@zcast/subscribers'
import type { Benchmark, BenchmarkContext, Comparison } from './benchmark.ts'
import { freeEndpoint } from './free-endpoint.ts'
import { Program } from './program.ts'
import { compare, type Contender, type Sample } from './samples.ts'
import { judgeLimit, medianOf } from './verdicts.ts'

const NODE = 'node -e 0'
const HELP = 'zcast --help'
const PUBLISHER = 'zcast publish numbers, to its first message'
const CLIENT = 'zcast client 1, to ready'

/** How long it takes to begin. */
export const startup: Benchmark = { name: 'startup', parts: [beginnings] }

async function timed(work: () => Promise<unknown>): Promise<Sample> {
  const from = performance.now()
  await work()
  return { ms: performance.now() - from }
}

/** A subscriber that listens, so that the time of a connection's next attempt is not a part of the figure. */
async function firstMessage(directory: string): Promise<Sample> {
  const endpoint = await freeEndpoint()
  await using subscriber = await Subscriber.open({ topics: ['numbers/'], delivery: 'all', bind: [endpoint] })
  const messages = subscriber[Symbol.asyncIterator]()
  const options = ['--connect', endpoint, '--interval', '1ms']
  let publisher: Program | undefined
  const sample = await timed(() => {
    publisher = Program.zcast(directory, 'publish', 'numbers', ...options)
    return messages.next()
  })
  await publisher?.stop()
  return sample
}

function contenders({ directory }: BenchmarkContext, endpoint: string): Contender[] {
  const run = (...args: string[]): Promise<Sample> =>
    timed(() => new Program(process.execPath, args, directory).ended)
  return [
    { name: NODE, run: () => run('-e', '0') },
    { name: HELP, run: () => timed(() => Program.zcast(directory, '--help').ended) },
    { name: PUBLISHER, run: () => firstMessage(directory) },
    {
      name: CLIENT,
      run: async () => {
        let client: Program | undefined
        const sample = await timed(() => {
          client = Program.zcast(directory, 'client', '1', '--connect', endpoint)
          return client.says(/connected/)
        })
        await client?.stop()
        return sample
      },
    },
  ]
}

async function beginnings(context: BenchmarkContext): Promise<Comparison> {
  const endpoint = await freeEndpoint()
  const publisher = Program.zcast(context.directory, 'publish', 'numbers', '--bind', endpoint)
  await publisher.says(/publishing/)
  const outcomes = await compare(contenders(context, endpoint), context.quick ? 5 : 15)
  await publisher.stop()
  const above = (name: string): number | undefined => {
    const ms = medianOf(outcomes, name, 'ms')
    return ms === undefined ? undefined : ms - (medianOf(outcomes, NODE, 'ms') ?? 0)
  }
  return {
    title: 'Starting',
    method: 'From the start of the process, by the clock.',
    outcomes,
    columns: [{ figure: 'ms', title: 'ms', digits: 0 }],
    verdicts: [HELP, PUBLISHER, CLIENT].flatMap((name) =>
      judgeLimit({
        what: `${name}, above node`,
        value: above(name),
        limit: name === HELP ? 120 : 300,
        unit: 'ms',
        digits: 0,
      }),
    ),
  }
}
