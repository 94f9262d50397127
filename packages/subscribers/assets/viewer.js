import { PictureStream } from './picture-stream.js'

/** @typedef {import('./picture-stream.js').Picture} Picture */

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id))
const canvas = /** @type {HTMLCanvasElement} */ (element('picture'))
const topicChoice = /** @type {HTMLSelectElement} */ (element('topic'))
const saveButton = /** @type {HTMLButtonElement} */ (element('save'))
const stage = element('stage')
const context = canvas.getContext('bitmaprenderer')

/** No new picture for this long, although the publisher is there, is worth a word. */
const SILENT_MS = 3000
const MOVING_MS = 2500

/** What the person is told in each state: one word in the bar, a sentence over the picture. */
const STATES = {
  opening: ['Connecting', ''],
  connecting: ['Waiting', 'The picture appears by itself once there is one.'],
  empty: ['Waiting', 'The publisher is there; its first picture is still to come.'],
  live: ['Live', ''],
  paused: ['Paused', ''],
  silent: ['Silent', 'The publisher is there but sends nothing new.'],
  idle: ['Idle', 'Nobody was looking; the picture comes by itself.'],
  stale: ['Stale', 'Connected, but nothing is heard from the publisher.'],
  denied: ['Refused', 'The publisher does not let this viewer in; check its keys.'],
  closed: ['Ended', 'The viewer has ended.'],
  offline: ['Offline', 'The viewer cannot be reached; trying again.'],
  refused: ['Locked', 'The viewer needs its token again: open its address with ?token=...'],
}
const TITLES = {
  connecting: 'Waiting for a publisher',
  empty: 'Waiting for a picture',
  silent: 'No new picture',
}

let link = 'opening'
let state = ''
/** @type {any} */
let report
/** @type {Picture | undefined} */
let shown
let shownAtMs = 0
let topic = new URL(location.href).searchParams.get('topic') ?? undefined
/** When pictures were drawn, over the last second. */
let drawnAtMs = /** @type {number[]} */ ([])
let stream = openStream()

function openStream() {
  return new PictureStream(topic, { onPicture: draw, onReport: takeReport, onLink: takeLink })
}

/** @param {Picture} picture */
function draw(picture) {
  const { bitmap, width, height } = picture
  if (!shown || width !== shown.width || height !== shown.height) {
    canvas.width = width
    canvas.height = height
    canvas.setAttribute('aria-label', `Live picture, ${width} by ${height} pixels`)
    setSize()
  }
  context?.transferFromImageBitmap(bitmap)
  canvas.hidden = false
  saveButton.disabled = false
  shown = picture
  shownAtMs = performance.now()
  drawnAtMs.push(shownAtMs)
  canvas.dataset.seq = String(picture.seq)
  if (state !== 'live') update()
}

function takeReport(/** @type {any} */ next) {
  report = next
  showTopics(next.streams.map((/** @type {any} */ one) => one.topic))
  update()
}

function takeLink(/** @type {string} */ next) {
  link = next
  if (next !== 'open') report = undefined
  update()
}

/** The stream that is shown: the one chosen, or the first. */
function currentStream() {
  return report?.streams.find((/** @type {any} */ one) => topic === undefined || one.topic === topic)
}

function currentState() {
  if (link !== 'open') return link
  if (stream.paused) return 'paused'
  const freshly = performance.now() - shownAtMs < SILENT_MS
  if (!report) return shown && freshly ? 'live' : 'opening'
  if (report.state !== 'live') return report.state
  if (!shown) return 'empty'
  return freshly ? 'live' : 'silent'
}

function update() {
  const next = currentState()
  const [word, sentence] = STATES[/** @type {keyof typeof STATES} */ (next)]
  if (next !== state) {
    state = next
    const title = TITLES[/** @type {keyof typeof TITLES} */ (next)] ?? word
    document.body.dataset.state = next === 'refused' ? 'denied' : next
    element('state').textContent = word
    element('notice-title').textContent = title
    element('notice-text').textContent = sentence
    announce(title)
  }
  showMeasures()
}

function showMeasures() {
  const now = performance.now()
  drawnAtMs = drawnAtMs.filter((at) => now - at < 1000)
  const one = currentStream()
  const fps = drawnAtMs.length
  put(
    'fps',
    !shown ? '–' : one && one.fps >= fps * 1.15 + 1 ? `${fps} of ${Math.round(one.fps)}` : String(fps),
  )
  const clocksDiffer = one?.clocksDiffer === true
  const ms = one?.latencyMs
  put(
    'latency',
    clocksDiffer ? 'clocks differ' : ms ? `${formatMs(ms.p50)} / ${formatMs(ms.p99)} ms` : '–',
    clocksDiffer,
  )
  put('age', shown ? formatAge(clocksDiffer) : '–')
  put('lost', one ? String(one.lost ?? '–') : '–', one?.lost > 0)
  put('skipped', one ? String(one.skipped + stream.skipped) : '–')
  const box = element('skipped-box')
  if (one)
    box.title = `Passed over for newer ones: ${one.skipped} by the viewer, ${stream.skipped} by this page`
  put('size', shown ? `${shown.width}×${shown.height}` : '–')
}

/** @param {boolean} clocksDiffer */
function formatAge(clocksDiffer) {
  if (!shown) return '–'
  const heldMs = performance.now() - shownAtMs
  if (heldMs < 1000)
    return clocksDiffer || Number.isNaN(shown.ageMs) ? 'clocks differ' : `${Math.round(shown.ageMs)} ms`
  const ageMs = stream.ageMs(shown.time)
  const seconds = Math.floor((clocksDiffer || Number.isNaN(ageMs) ? heldMs : ageMs) / 1000)
  return seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`
}

/** @param {number} ms */
function formatMs(ms) {
  return ms < 10 ? ms.toFixed(1) : String(Math.round(ms))
}

function put(/** @type {string} */ id, /** @type {string} */ text, warn = false) {
  const target = element(id)
  if (target.textContent !== text) target.textContent = text
  target.classList.toggle('warn', warn)
}

function announce(/** @type {string} */ text) {
  element('announcement').textContent = text
}

function showTopics(/** @type {string[]} */ topics) {
  topicChoice.hidden = topics.length < 2
  if (topics.join(' ') === [...topicChoice.options].map(({ value }) => value).join(' ')) return
  topicChoice.replaceChildren(...topics.map((name) => new Option(name, name)))
  topicChoice.value = topic ?? topics[0] ?? ''
}

function chooseTopic(/** @type {string} */ name) {
  topic = name
  const address = new URL(location.href)
  address.searchParams.set('topic', name)
  history.replaceState(null, '', address)
  const { paused } = stream
  stream.close()
  shown = undefined
  canvas.hidden = true
  stream = openStream()
  if (paused) togglePause()
}

function press(/** @type {string} */ id, /** @type {boolean} */ pressed) {
  element(id).setAttribute('aria-pressed', String(pressed))
}

function togglePause() {
  stream.paused = !stream.paused
  press('pause', stream.paused)
  // What came while nothing was shown says nothing about how well it is shown.
  shownAtMs = stream.paused ? shownAtMs : performance.now()
  update()
}

function toggleSize() {
  const actual = stage.dataset.size !== 'actual'
  stage.dataset.size = actual ? 'actual' : 'fit'
  press('actual', actual)
  setSize()
  announce(actual ? 'Actual size' : 'Fits the window')
}

/** A pixel of the picture is a pixel of the screen at 1:1, however many of them the browser counts as one. */
function setSize() {
  const actual = stage.dataset.size === 'actual'
  canvas.style.width = actual ? `${canvas.width / devicePixelRatio}px` : ''
  canvas.style.height = actual ? `${canvas.height / devicePixelRatio}px` : ''
}

function savePicture() {
  if (!shown) return
  const at = new Date(shown.time * 1000).toISOString().replaceAll(':', '-')
  const anchor = document.createElement('a')
  anchor.href = URL.createObjectURL(shown.jpeg)
  anchor.download = `${document.title} ${Number.isNaN(shown.seq) ? '' : `${shown.seq} `}${at}.jpg`
  anchor.click()
  setTimeout(() => URL.revokeObjectURL(anchor.href), 10_000)
  announce('Picture saved')
}

async function toggleFullscreen() {
  if (document.fullscreenElement) await document.exitFullscreen()
  else await document.documentElement.requestFullscreen()
}

let moving = 0
function noticeMove() {
  document.body.classList.add('moving')
  clearTimeout(moving)
  moving = window.setTimeout(() => document.body.classList.remove('moving'), MOVING_MS)
}

const KEYS = { ' ': togglePause, f: toggleFullscreen, s: savePicture, z: toggleSize }
document.addEventListener('keydown', (event) => {
  const target = /** @type {HTMLElement} */ (event.target)
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || target.tagName === 'SELECT') return
  // Space on a button presses that button.
  if (event.key === ' ' && target.tagName === 'BUTTON') return
  const act = KEYS[/** @type {keyof typeof KEYS} */ (event.key.toLowerCase())]
  if (!act) return
  event.preventDefault()
  void act()
})
element('pause').addEventListener('click', togglePause)
element('actual').addEventListener('click', toggleSize)
element('fullscreen').addEventListener('click', () => void toggleFullscreen())
stage.addEventListener('dblclick', () => void toggleFullscreen())
saveButton.addEventListener('click', savePicture)
topicChoice.addEventListener('change', () => chooseTopic(topicChoice.value))
document.addEventListener('fullscreenchange', () => press('fullscreen', document.fullscreenElement !== null))
document.addEventListener('pointermove', noticeMove)
window.addEventListener('resize', setSize)
element('fullscreen').hidden = !document.fullscreenEnabled
setInterval(() => {
  if (!document.hidden) update()
}, 500)
update()
