import type { Minute } from './minutes.ts'

/** A shorter run cannot tell: its second half would be some periods of a process that still loads and compiles. */
const LEAST_SECONDS = 300

/** Memory may grow by so much in the second half. */
const MAX_GROWTH = 1.1

/**
 * Allowed besides in a run of less than half an hour, of which some periods may all end before V8 collects, which it does
 * late on a busy machine. (A relay had 113 MiB, and 79 once it was made to collect, measured.)
 */
const GARBAGE_MIB = 32
const LONG_SECONDS = 1800

/**
 * What did not hold in a soak: something was lost, or memory grew by more than a tenth in the second half of the run, which
 * one of less than five minutes cannot tell.
 *
 * The first half is for settling: on a busy machine that takes long. (In an hour at a load of 30 on two cores a publisher
 * went from 137 to 146 MiB and a recorder from 115 to 138, both within 20 minutes, and stayed there, measured.) A leak goes
 * on, and shows in the second half as well: the least of its last part is compared with the least of its first, which is
 * what a process holds, however much comes and goes above it.
 *
 * @returns A sentence for each.
 */
export function judgeSoak(minutes: readonly Minute[]): string[] {
  const { seconds: length = 0 } = minutes.at(-1) ?? {}
  const half = length < LEAST_SECONDS ? [] : minutes.filter(({ seconds }) => seconds > length / 2)
  const quarter = Math.floor(half.length / 2)
  const names = minutes[0]?.rows.map(({ name }) => name) ?? []
  const failures: string[] = []
  for (const [index, name] of names.entries()) {
    const { lost = 0, missed = 0, values = 0 } = minutes.at(-1)?.rows[index] ?? {}
    if (lost > 0) failures.push(`${name} lost ${lost} values`)
    if (values === 0) failures.push(`${name} did nothing`)
    else if (missed > values) failures.push(`${name} missed ${missed} pictures, and got ${values} values`)
    const memory = half.flatMap((minute) => minute.rows[index]?.rssMiB ?? [])
    if (memory.length < half.length || quarter === 0) continue
    const [before, after] = [Math.min(...memory.slice(0, quarter)), Math.min(...memory.slice(-quarter))]
    if (after > before * MAX_GROWTH + (length < LONG_SECONDS ? GARBAGE_MIB : 0)) {
      const percent = ((after / before - 1) * 100).toFixed(0)
      failures.push(`${name} grew from ${before.toFixed(1)} to ${after.toFixed(1)} MiB, by ${percent}%`)
    }
  }
  return failures
}
