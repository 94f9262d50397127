import type { NumbersBlock } from '@zcast/shared'

/**
 * The columns of a block that have these names, in the order in which they are asked for, as a block of its own.
 *
 * @returns The names that it does not have, where it lacks one.
 */
export function selectColumns(
  block: NumbersBlock,
  wanted: readonly string[],
): NumbersBlock | readonly string[] {
  const { rows, columns, data, names, units } = block
  const places = wanted.map((name) => names?.indexOf(name) ?? -1)
  if (places.includes(-1)) return wanted.filter((_, index) => places[index] === -1)
  const selected = new Float64Array(rows * places.length)
  let at = 0
  for (let row = 0; row < rows; row++) {
    for (const place of places) selected[at++] = data[row * columns + place] as number
  }
  return {
    ...block,
    columns: places.length,
    data: selected,
    names: wanted,
    units: units && places.map((place) => units[place] as string),
  }
}
