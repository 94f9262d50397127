import { secondsOf } from './epoch-time.ts'

const NAME =
  /^(?:(?:date |relative |test )?time|datetime|date|time ?stamps?|ts|epoch|unix ?time|utc|clock|millis|elapsed(?: time)?|seconds|x value)$/i

/** True for the name of a column of times: `time`, `Timestamp`, `date_time`, `_time`, `elapsed_ms`. */
export function isTimeName(name: string): boolean {
  return NAME.test(spell(name)) || splitUnit(name) !== undefined
}

/** Seconds in the unit that such a name ends in, as in `time_ms`; `undefined` where it has none. */
export function unitOfTimeName(name: string): number | undefined {
  if (/^millis$/i.test(name)) return 1e-3
  return splitUnit(name)
}

function splitUnit(name: string): number | undefined {
  const match = /^(.+)_([a-zµμ]+)$/i.exec(name.trim())
  return match && NAME.test(spell(match[1] as string)) ? secondsOf(match[2] as string) : undefined
}

function spell(name: string): string {
  return name
    .trim()
    .replace(/^[_@]+/, '')
    .replaceAll(/[_-]/g, ' ')
}
