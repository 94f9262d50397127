/** A unit in brackets behind a name: `temp [°C]`, `Temp (°C)`. What is only a number there belongs to the name. */
const HEADING = /^(.*?)\s*(?:\[([^[\]]*)\]|\((?!\s*\d+\s*\))([^(),:]{1,16})\))$/su

/** Writes a name and its unit as one heading of a table. {@link parseHeading} reads the same name and unit from it. */
export function formatHeading(name: string, unit?: string): string {
  if (unit !== undefined && !/[[\]]/.test(unit)) return `${name} [${unit}]`
  // Brackets that belong to a name are told from those of a unit by an empty unit behind them.
  return unit === undefined && !HEADING.test(name) ? name : `${name} []`
}

/** Reads a name and its unit from a heading such as `temp [°C]`; `unit` is empty where there is none. */
export function parseHeading(heading: string): { readonly name: string; readonly unit: string } {
  const match = HEADING.exec(heading)
  if (!match) return { name: heading, unit: '' }
  return { name: match[1] ?? '', unit: (match[2] ?? match[3] ?? '').trim() }
}
