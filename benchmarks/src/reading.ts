import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Benchmark, BenchmarkContext, Comparison } from './benchmark.ts'
import { Program } from './program.ts'
import { compare, type Sample } from './samples.ts'
import { judgeLeast, judgeLimit, medianOf } from './verdicts.ts'

const ZCAST = 'zcast, blocks'
const LIBRARY = '@mcap/core, messages'

/** On a machine that has other things to do. */
const PATIENCE_MS = 300_000

/** What it takes to read a recording. */
export const reading: Benchmark = { name: 'reading', parts: [all] }

async function all({ directory, quick }: BenchmarkContext): Promise<Comparison> {
  // 0.6 GB of it: each chunk is synced as it is made, which takes minutes for 2 GB on a busy disk.
  const seconds = quick ? 10 : 30
  const path = join(directory, 'reading.mcap')
  await Program.node('make-recording', path, seconds).ended
  const { size } = await stat(path)
  const read = (reader: string) => async (): Promise<Sample> => {
    const program = Program.node('read-mcap', reader, path)
    const { cpuMs, ...others } = await program.result<{ cpuMs: number }>(PATIENCE_MS)
    return { times: (seconds * 1000) / cpuMs, bytes: size / 1000 / cpuMs, ...others }
  }
  const contenders = [
    { name: ZCAST, run: read('zcast') },
    { name: LIBRARY, run: read('library') },
  ]
  // Each reads all of it.
  const outcomes = await compare(contenders, quick ? 1 : 2)
  await rm(path)
  const value = (figure: string): number | undefined => medianOf(outcomes, ZCAST, figure)
  return {
    title: 'Reading a recording',
    method: `${(size / 1e9).toFixed(1)} GB: four streams of pictures of 150 kB, 30 a second, and 10,000 arrays of ten numbers a second, for ${seconds} s. By CPU time; the library's reader decodes nothing. A moment: the last picture of each stream and the last array, at 50 places.`,
    outcomes,
    columns: [
      { figure: 'times', title: 'times real time', digits: 1 },
      { figure: 'bytes', title: 'MB/s', digits: 0 },
      { figure: 'seek', title: 'a moment, p95 ms', digits: 1 },
    ],
    verdicts: [
      ...judgeLeast({
        what: 'reading a recording',
        value: value('times'),
        limit: 10,
        unit: 'times real time',
      }),
      ...judgeLimit({ what: 'a moment of a recording, p95', value: value('seek'), limit: 200, unit: 'ms' }),
    ],
  }
}
