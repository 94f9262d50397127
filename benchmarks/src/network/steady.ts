import { setTimeout as delay } from 'node:timers/promises'
import type { BenchmarkContext, Comparison } from '../benchmark.ts'
import { format } from '../verdicts.ts'
import { agesBetween } from './ages.ts'
import type { Case } from './cases.ts'
import { FPS } from './contenders.ts'
import { COLUMNS, judge, most, withShare } from './judge.ts'
import { streamAll } from './stream.ts'

/** What comes while everybody is still starting, and before it shows that the network is slow, says nothing. */
const WARM_UP_S = 6

/** A network that stays as it is. */
export async function steady({ peers, quick }: BenchmarkContext, one: Case): Promise<Comparison> {
  const seconds = quick ? 6 : 20
  const limit = most(one.bytesASecond, one.pictureBytes)
  const { outcomes, kind } = await streamAll(peers, {
    speed: one,
    pictureBytes: one.pictureBytes,
    // A little longer, as the program that watches starts a little later.
    seconds: WARM_UP_S + seconds + 1,
    // The proxy is a program, and notices what else the machine does.
    rounds: one.roundTripMs === undefined || quick ? 1 : 3,
    during: async () => {
      await delay(WARM_UP_S * 1000)
      const from = Date.now()
      await delay(seconds * 1000)
      return ({ arrivals }) => withShare(agesBetween(arrivals, from, from + seconds * 1000), limit)
    },
  })
  const title = `Pictures of ${one.pictureBytes / 1000} kB behind ${one.name}`
  return {
    title,
    method:
      `${FPS} a second over ${kind} (${one.name}, which has room for ${format(limit, 1)} of them); ages by the time ` +
      `in each header, over ${seconds} s, ${WARM_UP_S} s after the start.`,
    outcomes,
    columns: COLUMNS,
    verdicts: judge(title, outcomes, one),
  }
}
