import { addressOf } from '../page/address.js'
import { Rewind } from '../history/rewind.js'
import { element } from '../page/elements.js'
import { PictureCanvas } from '../stream/picture-canvas.js'
import { PictureStream } from '../stream/picture-stream.js'
import { PageSound } from '../sound/page-sound.js'
import { SoundControl } from '../sound/sound-control.js'
import { measureAll, measureOne } from './measures.js'
import { STATES, TITLES } from './states.js'
import { StreamGrid } from './stream-grid.js'

/**
 * @typedef {import('../stream/picture-stream.js').Picture} Picture
 * @typedef {import('../../src/page/page-messages.ts').ReportMessage} ReportMessage
 */

const canvas = /** @type {HTMLCanvasElement} */ (element('picture'))
const topicChoice = /** @type {HTMLSelectElement} */ (element('topic'))
const renditionChoice = /** @type {HTMLSelectElement} */ (element('rendition'))
const saveButton = /** @type {HTMLButtonElement} */ (element('save'))
const stage = element('stage')
const picture = new PictureCanvas(canvas)
const title = document.title

/** No new picture for this long, although the publisher is there, is worth a word. */
const SILENT_MS = 3000
const MOVING_MS = 2500

let link = 'opening'
let state = ''
/** @type {ReportMessage | undefined} */
let report
/** @type {Picture | undefined} */
let shown
let shownAtMs = 0
let paused = false
let topic = topicInAddress()
/** All streams side by side, while none of several is chosen. @type {StreamGrid | undefined} */
let grid
/** When pictures were drawn, over the last second. */
let drawnAtMs = /** @type {number[]} */ ([])
const pageSound = new PageSound()
/** That of the stream that is shown, where it has some. @type {SoundControl | undefined} */
let sound
/** The timeline, where something is kept. @type {Rewind | undefined} */
let rewind
/** Whether the page shows the past, and whether nothing is kept of the moment. */
let [isPast, isMissing] = [false, false]
/** The topics of the sound that is kept. @type {readonly string[]} */
let pastSounds = []
let stream = openStream()

function topicInAddress() {
  return new URL(location.href).searchParams.get('topic') ?? undefined
}

function openStream() {
  const listeners = {
    onPicture: drawLive,
    onReport: takeReport,
    onLink: takeLink,
    onRenditions: showRenditions,
  }
  return new PictureStream(topic, listeners, pageSound.clock)
}

/** @param {Picture} next */
function drawLive(next) {
  // One may have been on its way when the page went into the past.
  if (isPast) next.bitmap.close()
  else draw(next)
}

/** @param {Picture} next */
function draw(next) {
  const { width, height } = next
  if (picture.draw(next)) {
    canvas.setAttribute('aria-label', `Live picture, ${width} by ${height} pixels`)
    setSize()
  }
  canvas.hidden = false
  saveButton.disabled = false
  shown = next
  shownAtMs = performance.now()
  drawnAtMs.push(shownAtMs)
  if (state !== 'live') update()
}

function takeReport(/** @type {ReportMessage} */ next) {
  report = next
  const topics = next.streams.map((one) => one.topic)
  if (topic === undefined && !grid && topics.length > 1) openGrid()
  showTopics(topics)
  grid?.show(next.streams)
  offerSound(next.sound)
  if (next.past !== 'none' && !rewind) openTimeline(next.past)
  update()
}

/** @param {'ring' | 'recording'} past */
function openTimeline(past) {
  document.body.dataset['past'] = past
  rewind = new Rewind({
    topics: () => grid?.shownTopics ?? [currentStream()?.topic ?? []].flat(),
    width: () => (grid ?? picture).shownWidth,
    onTimeline: ({ topics }) => {
      pastSounds = topics.filter(({ kind }) => kind === 'audio').map(({ topic }) => topic)
      if (report) offerSound(report.sound)
    },
    onMoment: (time) => {
      const isOther = isPast !== (time !== undefined)
      isPast = time !== undefined
      if (!isPast) isMissing = false
      if (isOther) rest()
    },
    onPicture: (picture) => {
      isMissing = false
      if (grid) grid.draw(picture.topic, picture)
      else if (picture.topic === currentStream()?.topic) draw(picture)
      else picture.bitmap.close()
    },
    onMissing: (topics) => {
      isMissing = !grid && topics.length > 0
      grid?.tellMissing(topics)
      update()
    },
  })
  element('bar').before(rewind.element)
}

/** Live pictures and sound rest while the person wants it, or sees the past. */
function rest() {
  if (grid) {
    grid.paused = paused
    grid.isPast = isPast
  } else stream.paused = paused || isPast
  if (sound) {
    sound.past = isPast ? rewind?.playback : undefined
    sound.paused = paused
  }
  // What came while nothing was shown says nothing about how well it is shown.
  if (!paused && !isPast && shownAtMs > 0) shownAtMs = performance.now()
  update()
}

/** Offers the sound of the stream that is shown. @param {ReportMessage['sound']} offered */
function offerSound({ streams, delayMs }) {
  const name = currentStream()?.topic.replace(/^.*\//, '')
  const isThere = [...streams, ...pastSounds].includes(`audio/${name}`)
  if (sound || grid || name === undefined || !isThere) return
  const onPlayout = (/** @type {import('../sound/playout-clock.js').PlayoutClock | undefined} */ playout) => {
    stream.playout = playout
  }
  sound = new SoundControl(`audio/${name}`, { page: pageSound, key: 'm', delayMs, onPlayout })
  if (isPast) sound.past = rewind?.playback
  element('sound').replaceChildren(sound.element)
  element('sound').hidden = false
}

function forgetSound() {
  sound?.close()
  sound = undefined
  element('sound').hidden = true
}

function takeLink(/** @type {string} */ next) {
  link = next
  if (next !== 'open') report = undefined
  update()
}

/** @param {import('../../src/page/page-messages.ts').RenditionsMessage} told Which renditions there are, the largest first, and which is sent. */
function showRenditions({ names, shown: sent }) {
  const chosen = renditionChoice.value || 'auto'
  const name = sent === 'whole' ? 'full size' : sent
  const options = [new Option(chosen === 'auto' ? `auto: ${name}` : 'auto', 'auto')]
  for (const one of names) options.push(new Option(one === 'whole' ? 'full size' : one, one))
  renditionChoice.replaceChildren(...options)
  renditionChoice.value = names.includes(chosen) ? chosen : 'auto'
  renditionChoice.hidden = names.length < 2
  renditionChoice.dataset['shown'] = sent
  document.title = sent === 'whole' ? title : `${title} - ${sent}`
}

function forgetRenditions() {
  renditionChoice.replaceChildren()
  renditionChoice.hidden = true
  document.title = title
}

/** The stream that is shown: the one chosen, or the first. */
function currentStream() {
  return report?.streams.find((one) => topic === undefined || one.topic === topic)
}

function currentState() {
  if (link !== 'open') return link
  if (isPast) return isMissing ? 'missing' : 'past'
  if (paused) return 'paused'
  const any = shown !== undefined || (grid !== undefined && shownAtMs > 0)
  const freshly = performance.now() - shownAtMs < SILENT_MS
  if (!report) return any && freshly ? 'live' : 'opening'
  if (report.state !== 'live') return report.state
  if (!any) return 'empty'
  return freshly ? 'live' : 'silent'
}

function update() {
  const next = currentState()
  const [word, sentence] = STATES[next]
  if (next !== state) {
    state = next
    const title = TITLES[next] ?? word
    document.body.dataset.state = next === 'refused' ? 'denied' : next
    element('state').textContent = word
    element('notice-title').textContent = title
    element('notice-text').textContent = sentence
    announce(title)
  }
  showNetwork()
  showMeasures()
}

/** Says what the network carries, to the viewer or from there to this page, where that is too little. */
function showNetwork() {
  const upstream = currentStream()?.network
  const network = state === 'live' ? (upstream ?? (grid ?? stream).network) : undefined
  const [word] = STATES[network ? 'slow' : state]
  const few = network && `${Math.round(network.carried)} of ${Math.round(network.wanted)}`
  const who = !upstream && (grid ?? stream).network?.isBusy ? 'This browser shows' : 'The network carries'
  element('state').textContent = network ? `${word}: ${few}` : word
  element('state').title = network
    ? `${who} ${few} pictures a second: send smaller ones (--width, --rendition, --fps)`
    : ''
}

function showMeasures() {
  const now = performance.now()
  drawnAtMs = drawnAtMs.filter((at) => now - at < 1000)
  const drawn = drawnAtMs.length
  if (grid) measureAll({ drawn, streams: report?.streams ?? [], skipped: grid.skipped })
  // How old a picture of the past is, and how many are drawn, says nothing about the stream.
  else
    measureOne({
      drawn,
      one: currentStream(),
      shown: isPast ? undefined : shown,
      heldMs: now - shownAtMs,
      stream,
    })
}

function announce(/** @type {string} */ text) {
  element('announcement').textContent = text
}

function showTopics(/** @type {string[]} */ topics) {
  topicChoice.hidden = topics.length < 2 || grid !== undefined
  element('all').hidden = topicChoice.hidden
  if (topics.join(' ') === [...topicChoice.options].map(({ value }) => value).join(' ')) return
  topicChoice.replaceChildren(...topics.map((name) => new Option(name, name)))
  topicChoice.value = topic ?? topics[0] ?? ''
}

/** Shows one stream, or all of them, under an address of its own. */
function chooseTopic(/** @type {string | undefined} */ name) {
  const address = new URL(location.href)
  if (name === undefined) address.searchParams.delete('topic')
  else address.searchParams.set('topic', name)
  history.pushState(null, '', address)
  showTopic(name)
}

function showTopic(/** @type {string | undefined} */ name) {
  const before = topic
  topic = name
  forgetPictures()
  grid?.close()
  grid = undefined
  delete document.body.dataset['view']
  stream = openStream()
  stream.paused = paused || isPast
  if (name !== undefined) topicChoice.value = name
  // There is more than one stream: they need not be waited for.
  if (report) takeReport(report)
  const opened = /** @type {StreamGrid | undefined} */ (grid)
  if (opened) opened.focus(before)
  else element('all').focus()
  rewind?.show()
}

function openGrid() {
  forgetPictures()
  document.body.dataset['view'] = 'grid'
  grid = new StreamGrid(element('tiles'), {
    onPicture: () => {
      shownAtMs = performance.now()
      drawnAtMs.push(shownAtMs)
      if (state !== 'live') update()
    },
    onReport: takeReport,
    onLink: takeLink,
    onChoose: chooseTopic,
    onSight: () => rewind?.show(),
  })
  grid.paused = paused
  grid.isPast = isPast
}

function forgetPictures() {
  forgetSound()
  stream.close()
  forgetRenditions()
  picture.clear()
  shown = undefined
  shownAtMs = 0
  drawnAtMs = []
  canvas.hidden = true
  saveButton.disabled = true
}

function press(/** @type {string} */ id, /** @type {boolean} */ pressed) {
  element(id).setAttribute('aria-pressed', String(pressed))
}

function togglePause() {
  if (rewind) return rewind.toggle()
  paused = !paused
  press('pause', paused)
  rest()
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

function showAll() {
  if (!element('all').hidden) chooseTopic(undefined)
}

const KEYS = {
  ' ': togglePause,
  a: showAll,
  escape: showAll,
  f: toggleFullscreen,
  m: () => sound?.toggle(),
  s: savePicture,
  z: toggleSize,
}
document.addEventListener('keydown', (event) => {
  const target = /** @type {HTMLElement} */ (event.target)
  if (
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    event.repeat ||
    ['SELECT', 'INPUT'].includes(target.tagName)
  )
    return
  // Space on a button presses that button.
  if (event.key === ' ' && target.tagName === 'BUTTON') return
  const act = KEYS[/** @type {keyof typeof KEYS} */ (event.key.toLowerCase())]
  if (!act && rewind?.press(event)) event.preventDefault()
  if (!act) return
  event.preventDefault()
  void act()
})
element('pause').addEventListener('click', togglePause)
element('actual').addEventListener('click', toggleSize)
element('all').addEventListener('click', showAll)
window.addEventListener('popstate', () => showTopic(topicInAddress()))
element('fullscreen').addEventListener('click', () => void toggleFullscreen())
stage.addEventListener('dblclick', () => void toggleFullscreen())
saveButton.addEventListener('click', savePicture)
topicChoice.addEventListener('change', () => chooseTopic(topicChoice.value))
renditionChoice.addEventListener('change', () => {
  stream.rendition = renditionChoice.value
  announce(`Size of the pictures: ${renditionChoice.selectedOptions[0]?.textContent}`)
})
document.addEventListener('fullscreenchange', () => press('fullscreen', document.fullscreenElement !== null))
document.addEventListener('pointermove', noticeMove)
window.addEventListener('resize', setSize)
element('fullscreen').hidden = !document.fullscreenEnabled
setInterval(() => {
  if (!document.hidden) update()
}, 500)
update()
// Several streams are shown side by side at once, rather than with the first report.
void fetch(addressOf('stats.json'))
  .then((response) => (response.ok ? response.json() : undefined))
  .then((first) => {
    if (first && !report && link !== 'offline') takeReport(first)
    else if (first && first.past !== 'none' && !rewind) openTimeline(first.past)
  })
  .catch(() => undefined)
