import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Benchmark, BenchmarkContext, Comparison } from './benchmark.ts'
import { Program } from './program.ts'
import { compare, type Sample } from './samples.ts'
import { judgeLeast, judgeLimit, medianOf } from './verdicts.ts'

const WHOLE = 'pictures as they are'
const SHOWN = 'pictures as wide as they are shown'
const SHOWN_WIDTH = 300

/** What it takes to look back in a page. */
export const scrub: Benchmark = { name: 'scrub', parts: [page] }

async function page({ directory, quick }: BenchmarkContext): Promise<Comparison> {
  // 2 GB of it.
  const seconds = quick ? 10 : 105
  const path = join(directory, 'scrub.mcap')
  await Program.node('make-recording', path, seconds).ended
  const { size } = await stat(path)
  const drag = (width: number | '') => async (): Promise<Sample> => {
    const dashboard = Program.zcast(directory, 'dashboard', path, '--port', '0')
    try {
      const [, address = ''] = await dashboard.says(/watch at (\S+)/)
      const client = Program.node('scrub-page', address, quick ? 2 : 10, width)
      await client.says(/seeks done/)
      const cpuMs = dashboard.cpuMs()
      const { count = 1, ...sample } = await client.result<Record<string, number>>()
      return { ...sample, cpu: (dashboard.cpuMs() - cpuMs) / count }
    } finally {
      await dashboard.stop()
    }
  }
  const contenders = [
    { name: SHOWN, run: drag(SHOWN_WIDTH) },
    { name: WHOLE, run: drag('') },
  ]
  const outcomes = await compare(contenders, quick ? 1 : 3)
  await rm(path)
  const value = (figure: string): number | undefined => medianOf(outcomes, SHOWN, figure)
  return {
    title: 'Looking back in a page',
    method: `A recording of ${(size / 1e9).toFixed(1)} GB in the dashboard: four streams of 1080p pictures of nearly 150 kB, 30 a second, and 10,000 arrays of ten numbers a second, for ${seconds} s. A page without a browser goes to 50 places, and waits for four pictures, ten seconds of numbers and the lines of the log; then it drags along the timeline, which is shown ${SHOWN_WIDTH} pixels wide. CPU is that of the server.`,
    outcomes,
    columns: [
      { figure: 'p50', title: 'a moment, p50 ms', digits: 0 },
      { figure: 'p95', title: 'p95 ms', digits: 0 },
      { figure: 'moments', title: 'moments/s while dragging', digits: 1 },
      { figure: 'cpu', title: 'CPU ms each', digits: 1 },
      { figure: 'kilobytes', title: 'kB each', digits: 0 },
    ],
    verdicts: [
      ...judgeLimit({
        what: 'a moment in the page, p95',
        value: value('p95'),
        limit: 200,
        unit: 'ms',
        digits: 0,
      }),
      ...judgeLeast({
        what: 'dragging along the timeline',
        value: value('moments'),
        limit: 15,
        unit: 'moments a second',
      }),
    ],
  }
}
