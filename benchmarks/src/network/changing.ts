import { setTimeout as delay } from 'node:timers/promises'
import type { BenchmarkContext, Comparison } from '../benchmark.ts'
import { judgeLeast, judgeLimit, medianOf } from '../verdicts.ts'
import { agesBetween } from './ages.ts'
import { CASES, type Case } from './cases.ts'
import { FPS, ZCAST } from './contenders.ts'
import { COLUMNS, judge, most, withShare } from './judge.ts'
import { streamAll } from './stream.ts'

const FAST = 10e6
const SLOW = 300e3

const PICTURE_BYTES = 70e3

/** After a change everything is to be as it was within this time. */
const SETTLE_S = 3

/** From fast to slow and back. */
export async function changing({ peers, quick }: BenchmarkContext): Promise<Comparison> {
  const spans = quick ? [5, 8, 8] : [8, 15, 15]
  const [before, slow, after] = spans as [number, number, number]
  const [slowest, fastest] = [most(SLOW, PICTURE_BYTES), most(FAST, PICTURE_BYTES)]
  const { outcomes, kind } = await streamAll(peers, {
    speed: { bytesASecond: FAST },
    pictureBytes: PICTURE_BYTES,
    seconds: before + slow + after + 1,
    rounds: 1,
    during: async (link) => {
      await delay(before * 1000)
      link.carry(SLOW)
      const slowAt = Date.now()
      await delay(slow * 1000)
      link.carry(FAST)
      const fastAt = Date.now()
      await delay(after * 1000)
      const until = Date.now()
      return ({ arrivals }) => {
        const back = withShare(agesBetween(arrivals, fastAt + SETTLE_S * 1000, until), fastest)
        return {
          ...withShare(agesBetween(arrivals, slowAt + SETTLE_S * 1000, fastAt), slowest),
          ...Object.fromEntries(Object.entries(back).map(([name, figure]) => [`${name} back`, figure])),
        }
      }
    },
  })
  const title = 'Pictures of 70 kB from 10 MB/s to 300 kB/s and back'
  const ms = { unit: 'ms', digits: 0 }
  return {
    title,
    method:
      `${FPS} a second over ${kind}: ${before} s fast, ${slow} s slow, ${after} s fast again. Figures begin ${SETTLE_S} s ` +
      'after each change; "back" is after the second.',
    outcomes,
    columns: [
      ...COLUMNS,
      { figure: 'p50 back', title: 'back: age p50 ms', digits: 0 },
      { figure: 'worst back', title: 'back: worst ms', digits: 0 },
      { figure: 'fps back', title: 'back: pictures/s', digits: 1 },
    ],
    verdicts: [
      ...judge(`${title}, slow`, outcomes, CASES[0] as Case),
      ...judgeLimit({
        what: `${title}, fast again, age p50`,
        value: medianOf(outcomes, ZCAST, 'p50 back'),
        limit: 100,
        ...ms,
      }),
      ...judgeLeast({
        what: `${title}, fast again, pictures`,
        value: medianOf(outcomes, ZCAST, 'carried back'),
        limit: 90,
        unit: '% of what is sent',
        digits: 0,
      }),
    ],
  }
}
