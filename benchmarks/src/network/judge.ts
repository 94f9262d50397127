import type { Column, Verdict } from '../benchmark.ts'
import type { Outcome, Sample } from '../samples.ts'
import { judgeLeast, judgeLimit, judgeRatio, medianOf } from '../verdicts.ts'
import type { Case } from './cases.ts'
import { FPS, PYZMQ_SMALL, ZCAST, ZCAST_PYZMQ } from './contenders.ts'

/** The figures of every table. */
export const COLUMNS: readonly Column[] = [
  { figure: 'p50', title: 'age p50 ms', digits: 0 },
  { figure: 'worst', title: 'worst ms', digits: 0 },
  { figure: 'fps', title: 'pictures/s', digits: 1 },
  { figure: 'carried', title: '% of what it carries', digits: 0 },
  { figure: 'grownMiB', title: 'publisher grew by MiB', digits: 0 },
]

/** How many pictures a second a network has room for. */
export function most(bytesASecond: number, pictureBytes: number): number {
  return Math.min(FPS, bytesASecond / pictureBytes)
}

/** Adds how much of what the network carries has come. @param limit - Pictures a second. */
export function withShare(sample: Sample, limit: number): Sample {
  return { ...sample, carried: ((sample['fps'] ?? 0) / limit) * 100 }
}

/** Judges zcast's viewer, and a foreign one, by what must hold and by what people do without zcast. */
export function judge(
  what: string,
  outcomes: readonly Outcome[],
  { p50, worst, carried }: Pick<Case, 'p50' | 'worst' | 'carried'>,
): Verdict[] {
  const age = (of: string, figure: string): number | undefined => medianOf(outcomes, of, figure)
  const ms = { unit: 'ms', digits: 0 }
  return [
    ...judgeLimit({ what: `${what}, age p50`, value: age(ZCAST, 'p50'), limit: p50, ...ms }),
    ...(worst === undefined
      ? []
      : judgeLimit({ what: `${what}, worst age`, value: age(ZCAST, 'worst'), limit: worst, ...ms })),
    ...judgeLeast({
      what: `${what}, pictures`,
      value: age(ZCAST, 'carried'),
      limit: carried,
      unit: '% of what it carries',
      digits: 0,
    }),
    ...judgeRatio({ what: `${what}, age p50`, outcomes, figure: 'p50', of: ZCAST, to: PYZMQ_SMALL, most: 1 }),
    ...judgeRatio({
      what: `${what}, age p50 of a PyZMQ viewer`,
      outcomes,
      figure: 'p50',
      of: ZCAST_PYZMQ,
      to: PYZMQ_SMALL,
      most: 2,
    }),
  ]
}
