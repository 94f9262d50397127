/**
 * The name that was probably meant by a mistyped one: at most two letters added, left out, changed or swapped with
 * their neighbour; only one in a name of up to four letters.
 *
 * @returns `undefined` when no name is that close.
 */
export function findSimilar(typed: string, names: readonly string[]): string | undefined {
  const most = typed.length <= 4 ? 1 : 2
  const [best] = names
    .filter((name) => Math.abs(name.length - typed.length) <= most)
    .map((name) => ({ name, distance: editDistance(typed.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= most && distance < name.length)
    .sort((some, other) => some.distance - other.distance)
  return best?.name
}

/** The end of a sentence that refuses a mistyped name; empty when no name is close to it. */
export function didYouMean(
  typed: string,
  names: readonly string[],
  write: (name: string) => string = (name) => `"${name}"`,
): string {
  const similar = findSimilar(typed, names)
  return similar === undefined ? '' : `; did you mean ${write(similar)}?`
}

/** The number of letters to add, leave out, change or swap to turn one text into the other. */
function editDistance(some: string, other: string): number {
  const rows = [Array.from({ length: other.length + 1 }, (_, index) => index)]
  for (let i = 1; i <= some.length; i += 1) {
    const above = rows[i - 1] as number[]
    const row = [i]
    for (let j = 1; j <= other.length; j += 1) {
      const isSame = some[i - 1] === other[j - 1]
      const isSwapped = i > 1 && j > 1 && some[i - 1] === other[j - 2] && some[i - 2] === other[j - 1]
      row.push(
        Math.min(
          (above[j] as number) + 1,
          (row[j - 1] as number) + 1,
          (above[j - 1] as number) + (isSame ? 0 : 1),
          isSwapped ? ((rows[i - 2] as number[])[j - 2] as number) + 1 : Infinity,
        ),
      )
    }
    rows.push(row)
  }
  return rows.at(-1)?.at(-1) ?? 0
}
