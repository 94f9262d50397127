/** What one run of a contender gave: figures by name. */
export type Sample = Readonly<Record<string, number>>

/** One program in a comparison. */
export interface Contender {
  readonly name: string
  /** Why it cannot take part, if it cannot. */
  readonly missing?: string | undefined
  run(): Promise<Sample>
}

/** What the runs of one contender gave. */
export interface Outcome {
  readonly name: string
  readonly missing?: string | undefined
  readonly samples: readonly Sample[]
}

/** Runs contenders in turns, so that whatever else the machine does meets all of them alike. */
export async function compare(contenders: readonly Contender[], rounds: number): Promise<Outcome[]> {
  const samples = new Map<Contender, Sample[]>(contenders.map((contender) => [contender, []]))
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders) {
      if (contender.missing === undefined) samples.get(contender)?.push(await contender.run())
    }
  }
  return contenders.map((contender) => ({
    name: contender.name,
    missing: contender.missing,
    samples: samples.get(contender) ?? [],
  }))
}

/** One figure over all runs. */
export interface Spread {
  readonly median: number
  readonly least: number
  readonly most: number
}

/** A figure's median and spread over all runs; `undefined` where there is none. */
export function spreadOf(outcome: Outcome | undefined, figure: string): Spread | undefined {
  const values = (outcome?.samples ?? []).flatMap((sample) => sample[figure] ?? []).sort((a, b) => a - b)
  if (values.length === 0) return undefined
  const middle = Math.floor(values.length / 2)
  const median =
    values.length % 2 === 1
      ? (values[middle] as number)
      : ((values[middle - 1] as number) + (values[middle] as number)) / 2
  return { median, least: values[0] as number, most: values.at(-1) as number }
}
