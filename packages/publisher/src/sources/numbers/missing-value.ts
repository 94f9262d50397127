const MISSING = /^(?:|nan|[+-]nan|na|n\/a|#n\/a|null|none|nil|-{1,3})$/i

const INFINITE = /^([+-]?)(?:inf|infinity|∞)$/i

/** True for a cell that says that there is no value: empty, `NaN`, `NA`, `null`, `-`. */
export function isMissing(cell: string): boolean {
  return MISSING.test(cell)
}

/** Reads a cell that stands for a value without being one: NaN where it is missing, an infinity; else `undefined`. */
export function readSpecial(cell: string): number | undefined {
  if (MISSING.test(cell)) return Number.NaN
  const infinite = INFINITE.exec(cell)
  if (!infinite) return undefined
  return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}
