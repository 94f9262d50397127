import type { Verdict } from './benchmark.ts'
import { spreadOf, type Outcome } from './samples.ts'

/** A figure for people: thousands separated, and only as many digits as mean something. */
export function format(value: number, digits = 0): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

/** The median of a contender's figure. */
export function medianOf(outcomes: readonly Outcome[], name: string, figure: string): number | undefined {
  return spreadOf(
    outcomes.find((outcome) => outcome.name === name),
    figure,
  )?.median
}

interface RatioPromise {
  readonly what: string
  readonly outcomes: readonly Outcome[]
  readonly figure: string
  /** The contender that the promise is about. */
  readonly of: string
  /** The peer. */
  readonly to: string
  /** The ratio of the medians is to be at least this, ... */
  readonly least?: number
  /** ... or at most this. */
  readonly most?: number
}

/** Judges the ratio of two contenders; nothing where one of them did not run. */
export function judgeRatio({ what, outcomes, figure, of, to, least, most }: RatioPromise): Verdict[] {
  const ours = medianOf(outcomes, of, figure)
  const theirs = medianOf(outcomes, to, figure)
  if (ours === undefined || theirs === undefined) return []
  const ratio = ours / theirs
  return [
    {
      what,
      target: least === undefined ? `at most ${most} times ${to}` : `${least} times ${to}`,
      measured: `${format(ratio, 2)} times`,
      met: ratio >= (least ?? 0) && ratio <= (most ?? Number.POSITIVE_INFINITY),
    },
  ]
}

/** A promise on one figure. */
interface LimitPromise {
  readonly what: string
  readonly value: number | undefined
  readonly limit: number
  readonly unit: string
  readonly digits?: number
}

/** Judges a figure that is to be at most so much. */
export function judgeLimit({ what, value, limit, unit, digits = 1 }: LimitPromise): Verdict[] {
  if (value === undefined) return []
  const measured = `${format(value, digits)} ${unit}`
  return [{ what, target: `at most ${limit} ${unit}`, measured, met: value <= limit }]
}

/** Judges a figure that is to be at least so much. */
export function judgeLeast({ what, value, limit, unit, digits = 1 }: LimitPromise): Verdict[] {
  if (value === undefined) return []
  const measured = `${format(value, digits)} ${unit}`
  return [{ what, target: `at least ${limit} ${unit}`, measured, met: value >= limit }]
}
