import { element, say } from '../page/elements.js'

/**
 * The figures in the bar of a viewer's page.
 *
 * @typedef {object} OneStream
 * @property {number} drawn Pictures drawn in the last second.
 * @property {import('../../src/page/page-messages.ts').ReportMessage['streams'][number] | undefined} one How the viewer says the stream is doing, if it has.
 * @property {import('../stream/picture-stream.js').Picture | undefined} shown
 * @property {number} heldMs How long it has been shown.
 * @property {import('../stream/picture-stream.js').PictureStream} stream
 *
 * @typedef {object} AllStreams
 * @property {number} drawn Pictures drawn in the last second.
 * @property {import('../../src/page/page-messages.ts').ReportMessage['streams']} streams How the viewer says each is doing.
 * @property {number} skipped By the page.
 */

/** Shows how one stream is doing. @param {OneStream} measured */
export function measureOne({ drawn, one, shown, heldMs, stream }) {
  // Of a stream whose renditions can be chosen, the viewer counts all that somebody looks at.
  const came = Number.isNaN(stream.came) ? (one?.fps ?? 0) : stream.came
  const more = came >= drawn * 1.15 + 1
  put('fps', !shown ? '–' : more ? `${drawn} of ${Math.round(came)}` : String(drawn))
  const clocksDiffer = one?.clocksDiffer === true
  const ms = one?.latencyMs
  const latency = ms ? `${formatMs(ms.p50)} / ${formatMs(ms.p99)} ms` : '–'
  put('latency', clocksDiffer ? 'clocks differ' : latency, clocksDiffer)
  put('age', shown ? formatAge(shown, heldMs, clocksDiffer ? Number.NaN : stream.ageMs(shown.time)) : '–')
  put('lost', one ? String(one.lost ?? 'unknown') : '–', (one?.lost ?? 0) > 0)
  if (one) putSkipped(one.skipped, stream.skipped)
  else put('skipped', '–')
  put('size', shown ? `${shown.width}×${shown.height}` : '–')
}

/** Shows of all streams together what can be added up. @param {AllStreams} measured */
export function measureAll({ drawn, streams, skipped }) {
  const lost = streams.reduce((total, one) => total + (one.lost ?? 0), 0)
  const isKnown = streams.every((one) => one.lost !== null)
  put('fps', String(drawn))
  put('lost', isKnown ? String(lost) : 'unknown', lost > 0)
  const byViewer = streams.reduce((total, one) => total + one.skipped, 0)
  putSkipped(byViewer, skipped)
}

/**
 * @param {import('../stream/picture-stream.js').Picture} shown
 * @param {number} heldMs
 * @param {number} ageMs How old it is by now; NaN where that cannot be told.
 */
function formatAge(shown, heldMs, ageMs) {
  const unknown = Number.isNaN(ageMs)
  if (heldMs < 1000)
    return unknown || Number.isNaN(shown.ageMs) ? 'clocks differ' : `${Math.round(shown.ageMs)} ms`
  const seconds = Math.floor((unknown ? heldMs : ageMs) / 1000)
  return seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`
}

/** @param {number} ms */
function formatMs(ms) {
  return ms < 10 ? ms.toFixed(1) : String(Math.round(ms))
}

/**
 * @param {number} byViewer
 * @param {number} byPage
 */
function putSkipped(byViewer, byPage) {
  put('skipped', String(byViewer + byPage))
  element('skipped-box').title =
    `Passed over for newer ones: ${byViewer} by the viewer, ${byPage} by this page`
}

function put(/** @type {string} */ id, /** @type {string} */ text, warn = false) {
  const target = element(id)
  say(target, text)
  target.classList.toggle('warn', warn)
}
