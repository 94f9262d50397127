import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Benchmark, BenchmarkContext, Comparison } from './benchmark.ts'
import { freeEndpoint } from './free-endpoint.ts'
import { playing } from './playing.ts'
import { Program } from './program.ts'
import { compare, type Sample } from './samples.ts'
import { judgeLimit, judgeRatio, medianOf } from './verdicts.ts'

const RECORD = 'zcast record'
const ZCAST = 'zcast, synced, numbers compressed'
const LIBRARY = '@mcap/core, neither'
const CAT = 'cat, a copy of the file'

/** What a recording costs, and how fast it is played. */
export const recording: Benchmark = { name: 'recording', parts: [studio, writing, playing] }

/** Four cameras and 10,000 arrays a second, from a publisher into a file. */
async function studio({ directory, quick }: BenchmarkContext): Promise<Comparison> {
  const seconds = quick ? 10 : 600
  const run = async (): Promise<Sample> => {
    const [numbers, video] = [await freeEndpoint(), await freeEndpoint()]
    const path = join(directory, 'studio.mcap')
    const publisher = Program.node('send-studio', numbers, video, 150_000, seconds + 6)
    await publisher.says(/ready/)
    const connect = ['--connect', numbers, '--connect', video]
    const recorder = Program.zcast(directory, 'record', path, ...connect, '--json')
    try {
      await recorder.says(/"topics":5/)
      // Until it has loaded and compiled what it needs.
      await delay(2000)
      const [cpuMs, rss] = [recorder.cpuMs(), recorder.rssMiB()]
      await delay(seconds * 1000)
      const cpu = (recorder.cpuMs() - cpuMs) / (seconds * 10)
      const grown = recorder.rssMiB() - rss
      await publisher.ended
      await recorder.stop('SIGINT')
      const { lost, unwritten } = await recorder.result<{ lost: number; unwritten: number }>()
      return { cpu, grown, lost: lost + unwritten }
    } finally {
      await recorder.stop('SIGKILL')
      await publisher.stop('SIGKILL')
      await rm(path, { force: true })
    }
  }
  const outcomes = await compare([{ name: RECORD, run }], 1)
  return {
    title: 'A recording',
    method: `Four streams of pictures of 150 kB, 30 a second, and 10,000 arrays of six a second, from a publisher into a file for ${seconds} s: CPU and memory of the recorder.`,
    outcomes,
    columns: [
      { figure: 'cpu', title: '% of a core', digits: 1 },
      { figure: 'grown', title: 'MiB grown', digits: 1 },
      { figure: 'lost', title: 'lost', digits: 0 },
    ],
    verdicts: [
      ...judgeLimit({
        what: 'recording, CPU',
        value: medianOf(outcomes, RECORD, 'cpu'),
        limit: 25,
        unit: '% of a core',
      }),
      ...judgeLimit({
        what: 'recording, values lost',
        value: medianOf(outcomes, RECORD, 'lost'),
        limit: 0,
        unit: '',
        digits: 0,
      }),
      ...judgeLimit({
        what: 'recording, memory grown',
        value: medianOf(outcomes, RECORD, 'grown'),
        limit: 50,
        unit: 'MiB',
      }),
    ],
  }
}

/** The same content by zcast's writer and by the library's. */
async function writing({ directory, quick }: BenchmarkContext): Promise<Comparison> {
  const seconds = quick ? 3 : 20
  const write = (writer: string) => async (): Promise<Sample> => {
    const path = join(directory, `${writer}.mcap`)
    try {
      return await Program.node('write-mcap', writer, path, seconds).result<Sample>()
    } finally {
      await rm(path, { force: true })
    }
  }
  const outcomes = await compare(
    [
      { name: ZCAST, run: write('zcast') },
      { name: LIBRARY, run: write('library') },
      { name: CAT, run: write('cat') },
    ],
    quick ? 1 : 5,
  )
  const figures = { outcomes, of: ZCAST, to: LIBRARY, figure: 'cpuMs' }
  return {
    title: 'Writing MCAP',
    method: `CPU for a second of 120 pictures of 150 kB and 10,000 arrays of six, ${seconds} s of them as fast as they are written. The library's writer gets them encoded already, and neither compresses nor waits for the disk. \`cat\` copies the file that zcast has made, without waiting either.`,
    outcomes,
    columns: [{ figure: 'cpuMs', title: 'ms of CPU a second', digits: 1 }],
    verdicts: judgeRatio({ what: 'writing MCAP, CPU', most: 1, ...figures }),
  }
}
