import { setTimeout as delay } from 'node:timers/promises'
import type { BenchmarkContext, Comparison } from '../benchmark.ts'
import { compare, type Sample } from '../samples.ts'
import { judgeLeast, judgeRatio, medianOf } from '../verdicts.ts'
import { agesBetween } from './ages.ts'
import { FPS, startPublisher, watchZcast, type Watched } from './contenders.ts'
import { openLink } from './link.ts'

const NEAR = 8
const FAR = 4
const PICTURE_BYTES = 70e3
const WARM_UP_S = 6

const ALONE = 'eight viewers alone'
const BESIDE = `beside ${FAR} behind 300 kB/s`

async function watchNear(far: number, seconds: number): Promise<Sample> {
  const link = await openLink({ bytesASecond: 300e3 })
  const publisher = startPublisher(link, PICTURE_BYTES)
  try {
    await publisher.says(/ready/)
    const span = WARM_UP_S + seconds + 2
    const slow = Array.from({ length: far }, () => watchZcast(link.receiver, link.reach, span))
    const viewers = Array.from({ length: NEAR }, () => watchZcast(link.sender, link.near, span))
    await delay(WARM_UP_S * 1000)
    const from = Date.now()
    await delay(seconds * 1000)
    const samples = await Promise.all(
      viewers.map(async (viewer) =>
        agesBetween((await viewer.result<Watched>()).arrivals, from, from + seconds * 1000),
      ),
    )
    await Promise.all(slow.map((viewer) => viewer.stop()))
    const medians = samples.map(({ p50 = Number.NaN }) => p50).sort((a, b) => a - b)
    return {
      p50: medians[NEAR / 2] as number,
      p99: Math.max(...samples.map(({ p99 = Number.NaN }) => p99)),
      fps: Math.min(...samples.map(({ fps = 0 }) => fps)),
    }
  } finally {
    await publisher.stop('SIGKILL')
    await link.close()
  }
}

/** Whether viewers on a fast network notice those on a slow one. */
export async function neighbours({ quick }: BenchmarkContext): Promise<Comparison> {
  const seconds = quick ? 4 : 10
  const outcomes = await compare(
    [
      { name: ALONE, run: () => watchNear(0, seconds) },
      { name: BESIDE, run: () => watchNear(FAR, seconds) },
    ],
    quick ? 1 : 3,
  )
  const title = 'Eight viewers on loopback beside slow ones'
  return {
    title,
    method:
      `zcast to ${NEAR} viewers on its own machine, pictures of 70 kB at ${FPS} a second, with and without ${FAR} more that ` +
      'share a network of 300 kB/s. p50 is the median of the eight, p99 and pictures a second are the worst of them.',
    outcomes,
    columns: [
      { figure: 'p50', title: 'p50 ms', digits: 2 },
      { figure: 'p99', title: 'p99 ms', digits: 2 },
      { figure: 'fps', title: 'pictures/s', digits: 1 },
    ],
    verdicts: [
      ...judgeLeast({
        what: `${title}, pictures`,
        value: medianOf(outcomes, BESIDE, 'fps'),
        limit: 29.5,
        unit: 'a second',
      }),
      ...judgeRatio({ what: `${title}, p50`, outcomes, figure: 'p50', of: BESIDE, to: ALONE, most: 1.2 }),
    ],
  }
}
