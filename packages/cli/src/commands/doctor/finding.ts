/** How bad a finding is: `problem` for what does not work, `warning` for what works worse than it could. */
export type FindingLevel = 'ok' | 'warning' | 'problem'

/** One thing that the doctor has found out. */
export interface Finding {
  readonly type: 'finding'
  /** Stable, for programs: `port-taken`, `network-slow`. */
  readonly code: string
  readonly level: FindingLevel
  /** What is so, with its figures, in one clause. */
  readonly sentence: string
  /** The figures, for programs. */
  readonly measurement: Readonly<Record<string, unknown>>
  /** What to do; `null` where nothing needs to be done. */
  readonly advice: string | null
}

/** What a check yields. */
export type Findings = AsyncIterable<Finding>

type Measurement = Finding['measurement']

/** Finds that something is as it should be. */
export function fine(code: string, sentence: string, measurement: Measurement = {}): Finding {
  return { type: 'finding', code, level: 'ok', sentence, measurement, advice: null }
}

/** Finds something that works, and not well. */
export function warning(
  code: string,
  sentence: string,
  advice: string,
  measurement: Measurement = {},
): Finding {
  return { type: 'finding', code, level: 'warning', sentence, measurement, advice }
}

/** Finds something that does not work. */
export function problem(
  code: string,
  sentence: string,
  advice: string,
  measurement: Measurement = {},
): Finding {
  return { type: 'finding', code, level: 'problem', sentence, measurement, advice }
}
