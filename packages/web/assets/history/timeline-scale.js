/**
 * Where times are on the timeline, and what is drawn there.
 *
 * @typedef {object} Span
 * @property {number} from Seconds since the Unix epoch.
 * @property {number} to The same of the end.
 */

/** @param {number} value @param {number} least @param {number} most */
export function clamp(value, least, most) {
  return Math.min(Math.max(value, least), Math.max(least, most))
}

/** Where a time is, from 0 to 1. @param {Span} span @param {number} time */
export function partOf({ from, to }, time) {
  return to > from ? clamp((time - from) / (to - from), 0, 1) : 1
}

/** The time at a part, from 0 to 1. @param {Span} span @param {number} part */
export function timeOf({ from, to }, part) {
  return from + (to - from) * clamp(part, 0, 1)
}

/** A selection in the right order, within what is kept. @param {Span} span @param {number} one @param {number} other @returns {Span} */
export function spanOf(span, one, other) {
  const [from, to] = [Math.min(one, other), Math.max(one, other)]
  return { from: clamp(from, span.from, span.to), to: clamp(to, span.from, span.to) }
}

/**
 * The marks of stretches of time as columns of pixels: those that share a column are added up, and a stretch that is
 * wider than a column fills all it covers.
 *
 * @param {import('../../src/history/past-messages.ts').Marks} marks
 * @param {number} stretchSeconds
 * @param {Span} span
 * @param {number} columns
 * @returns {{ at: number, width: number, count: number }[]} From left to right.
 */
export function columnsOf(marks, stretchSeconds, span, columns) {
  /** @type {Map<number, { at: number, width: number, count: number }>} */
  const found = new Map()
  for (const [stretch, count] of marks) {
    const begin = stretch * stretchSeconds
    if (begin + stretchSeconds < span.from || begin > span.to) continue
    const at = Math.min(Math.floor(partOf(span, begin) * columns), columns - 1)
    const end = Math.ceil(partOf(span, begin + stretchSeconds) * columns)
    const before = found.get(at)
    found.set(at, {
      at,
      width: Math.max(end - at, 1, before?.width ?? 0),
      count: count + (before?.count ?? 0),
    })
  }
  return [...found.values()].sort((one, other) => one.at - other.at)
}

/** How far each key moves the moment, in seconds; `from` and `to` are the ends. */
const KEYS = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -10,
  PageUp: 10,
}
const FAR = 10

/**
 * Where a key leads from a time; `undefined` where it leads nowhere.
 *
 * @param {string} key
 * @param {boolean} isFar
 * @param {number} time
 * @param {Span} span
 */
export function timeAfterKey(key, isFar, time, { from, to }) {
  if (key === 'Home') return from
  if (key === 'End') return to
  const step = KEYS[/** @type {keyof typeof KEYS} */ (key)]
  return step === undefined ? undefined : clamp(time + step * (isFar ? FAR : 1), from, to)
}

/** `0:07.3`, `12:30` or `1:02:03`; with tenths where that is said. @param {number} seconds @param {boolean} [tenths] */
export function formatLength(seconds, tenths = false) {
  const rounded = tenths ? Math.round(Math.max(seconds, 0) * 10) / 10 : Math.round(Math.max(seconds, 0))
  const [hours, minutes] = [Math.floor(rounded / 3600), Math.floor(rounded / 60) % 60]
  const rest = (rounded % 60).toFixed(tenths ? 1 : 0).padStart(tenths ? 4 : 2, '0')
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`
}
