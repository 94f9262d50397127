/** The moment stays this part of what is shown away from its edges, where there is more beyond them. */
const MARGIN = 0.1

/**
 * @typedef {object} Kept
 * @property {number} from Seconds since the Unix epoch.
 * @property {number} to
 * @property {boolean} isGrowing Whether more comes.
 *
 * @typedef {{ start: number, end: number }} Window
 */

/**
 * What charts show around a moment of the past: what they showed before, moved no further than the moment needs.
 *
 * @param {number} moment
 * @param {number} seconds How much is shown.
 * @param {Kept} kept
 * @param {Window} [before]
 * @returns {Window}
 */
export function windowAround(moment, seconds, { from, to, isGrowing }, before) {
  if (to - from <= seconds && !isGrowing) return { start: from, end: Math.max(to, from + seconds / 1000) }
  // Another length keeps the moment where it was.
  const part = before ? (moment - before.start) / (before.end - before.start) : 0.5
  const isSame = before && Math.abs(before.end - before.start - seconds) < 1e-6
  const wanted = isSame ? before.start : moment - part * seconds
  const near = Math.min(Math.max(wanted, moment - (1 - MARGIN) * seconds), moment - MARGIN * seconds)
  const ended = Math.min(near, Math.max(to, moment) - seconds)
  const start = to - from <= seconds ? ended : Math.max(ended, from)
  return isSame && start === before.start ? before : { start, end: start + seconds }
}
