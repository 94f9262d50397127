import type { Minute } from './minutes.ts'

/** Sooner a process still loads and compiles what it needs, and a busy machine gives it little time for that. */
const SETTLED_SECONDS = 60

/** Memory may grow by so much after the processes have settled. */
const MAX_GROWTH = 1.1

/**
 * What did not hold in a soak: something was lost, or memory grew by more than a tenth, which a run of less than five
 * minutes cannot tell.
 *
 * @param settledSeconds - The period that ends then, or first after it, is what later ones are compared with.
 * @param garbageMiB - Allowed besides: on a busy machine V8 collects late. (A second relay had 113 MiB, and 79 once it
 *   was made to collect, measured.)
 * @returns A sentence for each.
 */
export function judgeSoak(minutes: readonly Minute[], settledSeconds: number, garbageMiB = 0): string[] {
  const mayJudge = settledSeconds >= SETTLED_SECONDS
  const settled = minutes.findIndex(({ seconds }) => seconds >= settledSeconds)
  const names = minutes[0]?.rows.map(({ name }) => name) ?? []
  const failures: string[] = []
  for (const [index, name] of names.entries()) {
    const rows = minutes.map(({ rows }) => rows[index])
    const lost = rows.at(-1)?.lost ?? 0
    if (lost > 0) failures.push(`${name} lost ${lost} values`)
    if ((rows.at(-1)?.values ?? 0) === 0) failures.push(`${name} did nothing`)
    const memory = settled < 0 || !mayJudge ? [] : rows.slice(settled).flatMap((row) => row?.rssMiB ?? [])
    const [before = 0, ...after] = memory
    const most = Math.max(before, ...after)
    if (most > before * MAX_GROWTH + garbageMiB) {
      const percent = ((most / before - 1) * 100).toFixed(0)
      failures.push(`${name} grew from ${before.toFixed(1)} to ${most.toFixed(1)} MiB, by ${percent}%`)
    }
  }
  return failures
}
