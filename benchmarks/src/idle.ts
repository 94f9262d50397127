import { setTimeout as delay } from 'node:timers/promises'
import type { Benchmark, BenchmarkContext, Comparison } from './benchmark.ts'
import { freeEndpoint } from './free-endpoint.ts'
import { Program } from './program.ts'
import { compare, type Sample } from './samples.ts'
import { judgeLimit, medianOf } from './verdicts.ts'

const NODE = 'node doing nothing'
const PUBLISHER = 'zcast publish, nobody watching'
const CLIENT = 'zcast client, 1 message a second'

/** What waiting costs. */
export const idle: Benchmark = { name: 'idle', parts: [waiting] }

/** CPU and memory of a program that has settled. */
async function rest(program: Program, seconds: number): Promise<Sample> {
  await delay(3000)
  const before = program.cpuMs()
  await delay(seconds * 1000)
  const cpu = (program.cpuMs() - before) / (seconds * 10)
  return { cpu, rss: program.rssMiB() }
}

async function waiting(context: BenchmarkContext): Promise<Comparison> {
  const { directory, quick } = context
  const seconds = quick ? 3 : 8
  const ports = ['--numbers-port', '0', '--video-port', '0']
  const outcomes = await compare(
    [
      {
        name: NODE,
        run: async () => {
          const node = new Program(process.execPath, ['-e', 'setInterval(() => {}, 1e9)'])
          const sample = await rest(node, seconds)
          await node.stop()
          return sample
        },
      },
      {
        name: PUBLISHER,
        run: async () => {
          const publisher = Program.zcast(directory, 'publish', ...ports)
          await publisher.says(/publishing video/)
          const sample = await rest(publisher, seconds)
          await publisher.stop()
          return sample
        },
      },
      {
        name: CLIENT,
        run: async () => {
          const endpoint = await freeEndpoint()
          const publisher = Program.zcast(directory, 'publish', 'numbers', '--bind', endpoint)
          const client = Program.zcast(directory, 'client', '1', '--connect', endpoint)
          await client.says(/^#/)
          const sample = await rest(client, seconds)
          await Promise.all([client.stop(), publisher.stop()])
          return sample
        },
      },
    ],
    quick ? 1 : 2,
  )
  const [bare, client] = [NODE, CLIENT].map((name) => medianOf(outcomes, name, 'rss') ?? 0) as [
    number,
    number,
  ]
  return {
    title: 'Waiting',
    method: `CPU over ${seconds} s, three seconds after the start, and memory (the resident set of the whole process tree).`,
    outcomes,
    columns: [
      { figure: 'cpu', title: '% of a core', digits: 2 },
      { figure: 'rss', title: 'RSS in MiB', digits: 1 },
    ],
    verdicts: [
      ...judgeLimit({
        what: 'nobody watching, CPU',
        value: medianOf(outcomes, PUBLISHER, 'cpu'),
        limit: 1,
        unit: '% of a core',
        digits: 2,
      }),
      ...judgeLimit({
        what: 'nobody watching, RSS',
        value: medianOf(outcomes, PUBLISHER, 'rss'),
        limit: 120,
        unit: 'MiB',
      }),
      ...judgeLimit({ what: 'client, RSS above node', value: client - bare, limit: 45, unit: 'MiB' }),
      ...judgeLimit({
        what: 'client, CPU',
        value: medianOf(outcomes, CLIENT, 'cpu'),
        limit: 0.5,
        unit: '% of a core',
        digits: 2,
      }),
    ],
  }
}
