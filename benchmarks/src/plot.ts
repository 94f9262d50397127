import { format } from './verdicts.ts'

const WIDTH = 60

/** What was measured at each point of a plot; `undefined` where nothing was. */
export interface Series {
  readonly name: string
  readonly values: readonly (number | undefined)[]
}

/** A plot of characters: a bar for each value, in proportion to the greatest. */
export function plot(title: string, points: readonly number[], series: readonly Series[]): string {
  const values = series.flatMap((one) => one.values).filter((value) => value !== undefined)
  const most = Math.max(...values, Number.MIN_VALUE)
  const nameWidth = Math.max(...series.map(({ name }) => name.length))
  const lines = points.flatMap((point, index) =>
    series.flatMap(({ name, values: own }) => {
      const value = own[index]
      if (value === undefined) return []
      const bar = '#'.repeat(Math.max(Math.round((value / most) * WIDTH), 1))
      return [`${String(point).padStart(5)} ${name.padEnd(nameWidth)} ${bar} ${format(value, 2)}`]
    }),
  )
  return [title, ...lines].join('\n')
}
