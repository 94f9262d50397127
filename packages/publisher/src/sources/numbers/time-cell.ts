/** A text that tells a time, or a part of one. */
export interface TimeCell {
  /** Year, month (1 to 12) and day; `undefined` for a time of day alone. */
  readonly day: readonly [number, number, number] | undefined
  /** Seconds since midnight; `undefined` for a day alone. */
  readonly clock: number | undefined
  /** Minutes east of Greenwich; `undefined` is the local zone. */
  readonly zone: number | undefined
}

const CLOCK = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?: ?([AaPp])[Mm])?$/
const DAY_FIRST_YEAR = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/
const DAY_LAST_YEAR = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4})$/
const WHOLE = /^(\d[\d./-]{7,9})(?:[T _]+|-(?=\d{1,2}:)|$)(.*?)\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/

/**
 * Reads a time as programs write it: `2026-08-04T17:00:00.5Z`, `2026/08/04 17:00`, `04.08.2026 17:00:00`, `17:00:00`.
 *
 * @returns `undefined` for anything else; what is wrong, in a clause, where day and month may be either way round.
 */
export function readTimeCell(text: string): TimeCell | string | undefined {
  const first = text.charCodeAt(0)
  // Most cells are numbers.
  if (text.length < 4 || first < 0x30 || first > 0x39) return undefined
  const clock = readClock(text)
  if (clock !== undefined) return { day: undefined, clock, zone: undefined }
  const [, dayText = '', clockText = '', zoneText] = WHOLE.exec(text) ?? []
  const day = readDay(dayText)
  if (day === undefined || typeof day === 'string') return day
  const time = clockText === '' ? undefined : readClock(clockText)
  if (clockText !== '' && time === undefined) return undefined
  return { day, clock: time, zone: time === undefined ? undefined : readZone(zoneText) }
}

/** Seconds since the Unix epoch, or `undefined` for a day or a time that there is not. A time of day alone is of the day `today`. */
export function toSeconds(cell: TimeCell, today = new Date()): number | undefined {
  const [year, month, date] = cell.day ?? [today.getFullYear(), today.getMonth() + 1, today.getDate()]
  const clock = cell.clock ?? 0
  const whole = Math.floor(clock)
  const midnight =
    cell.zone === undefined
      ? new Date(year, month - 1, date, 0, 0, whole)
      : new Date(Date.UTC(year, month - 1, date, 0, -cell.zone, whole))
  const days = new Date(Date.UTC(year, month - 1, date))
  if (days.getUTCMonth() !== month - 1 || clock >= 86_400) return undefined
  return midnight.getTime() / 1000 + (clock - whole)
}

function readClock(text: string): number | undefined {
  const match = CLOCK.exec(text)
  if (!match) return undefined
  const [, hours, minutes, seconds = '0', fraction = '0', half] = match
  const hour = half === undefined ? Number(hours) : (Number(hours) % 12) + (/p/i.test(half) ? 12 : 0)
  if (hour > 23 || Number(minutes) > 59 || Number(seconds) > 60) return undefined
  return hour * 3600 + Number(minutes) * 60 + Number(`${seconds}.${fraction}`)
}

function readDay(text: string): TimeCell['day'] | string {
  const first = DAY_FIRST_YEAR.exec(text)
  if (first) return [Number(first[1]), Number(first[3]), Number(first[4])]
  const last = DAY_LAST_YEAR.exec(text)
  if (!last) return undefined
  const [one, other, year] = [Number(last[1]), Number(last[3]), Number(last[4])]
  // Points stand in dates that begin with the day.
  if (last[2] === '.' || one > 12 || one === other) return [year, other, one]
  if (other > 12) return [year, one, other]
  return `"${text}" may begin with the day or with the month: write it as year-month-day, or leave it out with --time-column none`
}

function readZone(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (text === 'Z' || text === 'UTC') return 0
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(-2))
  return text.startsWith('-') ? -minutes : minutes
}
