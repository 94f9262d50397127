import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { BenchmarkContext, Comparison, Verdict } from './benchmark.ts'
import { freeEndpoint } from './free-endpoint.ts'
import { Program } from './program.ts'
import { compare, type Outcome, type Sample } from './samples.ts'
import { format, judgeLeast, judgeLimit, medianOf } from './verdicts.ts'

/** Arrays in a recorded message. */
const ROWS = { 'batches of 100': 100, 'single arrays': 1 }
const WAYS = { live: [], 'as recorded': ['--as-recorded'] }

interface Digest {
  readonly values: number
  readonly digest: string
  readonly ms: number
}

/** A recording, sent again as fast as possible. */
export async function playing({ directory, quick }: BenchmarkContext): Promise<Comparison> {
  const seconds = quick ? 10 : 60
  const outcomes: Outcome[] = []
  for (const [shape, rows] of Object.entries(ROWS)) {
    const path = join(directory, `play-${rows}.mcap`)
    await Program.node('make-recording', path, seconds, rows).ended
    const recorded = await Program.node('digest-values', 'recording', path).result<Digest>()
    const play = (options: readonly string[]) => async (): Promise<Sample> => {
      const endpoints = [await freeEndpoint(), await freeEndpoint()]
      const [numbers = '', video = ''] = endpoints.map((endpoint) => endpoint.split(':').at(-1))
      const ports = ['--numbers-port', numbers, '--video-port', video]
      const args = [path, '--speed', 'max', '--wait-for', 2, ...ports, ...options]
      const player = Program.zcast(directory, 'play', ...args)
      await player.says(/begins once/)
      const before = player.cpuMs()
      const receiver = Program.node('digest-values', 'endpoints', endpoints.join(), recorded.values)
      let cpuMs = before
      // Gone with the process.
      const watch = setInterval(() => (cpuMs = Math.max(cpuMs, player.cpuMs())), 50)
      const received = await receiver.result<Digest>()
      clearInterval(watch)
      await player.stop('SIGINT')
      return {
        times: (seconds * 1000) / received.ms,
        cpuMs: (cpuMs - before) / seconds,
        others: received.digest === recorded.digest ? 0 : 1,
      }
    }
    const contenders = Object.entries(WAYS).map(([way, options]) => ({
      name: `${shape}, ${way}`,
      run: play(options),
    }))
    outcomes.push(...(await compare(contenders, quick ? 1 : 3)))
    await rm(path)
  }
  return {
    title: 'Playing a recording as fast as possible',
    method: `\`zcast play --speed max\` of four streams of pictures of 150 kB, 30 a second, and ${format(10_000)} arrays of ten numbers a second, for ${seconds} s, to one subscriber in Node, which looks at every value. The ratio is by the clock, and falls with whatever else the machine does; CPU is that of the player alone.`,
    outcomes,
    columns: [
      { figure: 'times', title: 'times real time', digits: 1 },
      { figure: 'cpuMs', title: 'ms of CPU for a second of it', digits: 0 },
      { figure: 'others', title: 'runs with other values than were recorded', digits: 0 },
    ],
    verdicts: outcomes.flatMap(({ name }) => judge(outcomes, name)),
  }
}

function judge(outcomes: readonly Outcome[], name: string): Verdict[] {
  const [times, others] = [medianOf(outcomes, name, 'times'), medianOf(outcomes, name, 'others')]
  const unit = 'times real time'
  return judgeLeast({ what: `playing, ${name}`, value: times, limit: 10, unit }).concat(
    judgeLimit({ what: `playing, ${name}, other values`, value: others, limit: 0, unit: '', digits: 0 }),
  )
}
