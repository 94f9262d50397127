import type { Sample } from '../samples.ts'

/** When each picture came, in milliseconds since the Unix epoch, and how old it was then, in milliseconds. */
export type Arrivals = readonly (readonly [number, number])[]

/** The ages and the rate of what came in a span of time. */
export function agesBetween(arrivals: Arrivals, fromMs: number, toMs: number): Sample {
  const ages = arrivals
    .filter(([at]) => at >= fromMs && at < toMs)
    .map(([, age]) => age)
    .sort((a, b) => a - b)
  const fps = ages.length / ((toMs - fromMs) / 1000)
  if (ages.length === 0) return { fps }
  return {
    p50: ages[Math.floor(ages.length / 2)] as number,
    p99: ages[Math.floor(ages.length * 0.99)] as number,
    worst: ages.at(-1) as number,
    fps,
  }
}
