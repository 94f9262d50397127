import { addressOf } from '../page/address.js'
import { keepInAddress } from '../chart/address-choices.js'
import { ChartCard } from '../chart/chart-card.js'
import { TimeView } from '../chart/time-view.js'
import { showNotices } from '../page/notices.js'
import { element, say } from '../page/elements.js'
import { formatSpan } from '../page/times.js'
import { Rewind } from '../history/rewind.js'
import { PageSound } from '../sound/page-sound.js'
import { LogList } from './log-list.js'
import { PastChat } from './past-chat.js'
import { PastLog } from './past-log.js'
import { SoundPanel } from './sound-panel.js'
import { StreamsTable } from './streams-table.js'
import { VideoTile } from './video-tile.js'

/** @typedef {import('../../src/page/page-messages.ts').DashboardReport} DashboardReport */

const REPORT_MS = 1000
const VALUES_MS = 500
/** Streams of video that keep a connection each: browsers allow 200 to 255. */
const MAX_KEPT_OPEN = 60
/** Streams of numbers that the server keeps the last minutes of. */
const MAX_HISTORIES = 32
const USUAL_SECONDS = 60
const PRESSED_BY_SPACE = new Set(['A', 'BUTTON', 'INPUT', 'SELECT', 'SUMMARY'])
const LINKS = {
  offline: 'Not reachable, trying again',
  refused: 'Needs its token: reload this page',
}

/** @type {Map<string, ChartCard>} */
const charts = new Map()
/** @type {Map<string, VideoTile>} */
const tiles = new Map()
const pageSound = new PageSound()
const sounds = new SoundPanel(element('tiles'), tiles, pageSound)
const table = new StreamsTable(element('streams'))
const log = new LogList(element('log'))
const pastLog = new PastLog(element('log'))
const pastChat = new PastChat(element('chat'), element('said'))
const view = new TimeView()
/** The timeline, where something is kept. @type {Rewind | undefined} */
let rewind
const spans = /** @type {HTMLSelectElement} */ (element('window'))

/** @param {string} link @param {string} text */
function setLink(link, text) {
  document.body.dataset['link'] = link
  say(element('state'), text)
}

/** Says how many are live of what there is. @param {DashboardReport} report */
function showStates({ streams, waiting, past }) {
  if (past === 'recording') return setLink('live', 'Recording')
  if (view.moment) return setLink('past', 'Not live')
  // Who asked for numbers alone, or for video alone, waits for nothing.
  const states = streams.map(({ state }) => state)
  const isRefused = waiting.includes('denied')
  const live = states.filter((state) => state === 'live').length
  if (isRefused) setLink('waiting', 'A publisher does not let this dashboard in')
  else if (live === 0) setLink('waiting', 'Waiting')
  else if (live < states.length) setLink('waiting', `${live} of ${states.length} live`)
  else setLink('live', 'Live')
}

/** @param {string} topic */
function addChart(topic) {
  if (charts.has(topic)) return
  const chart = new ChartCard(topic, view)
  charts.set(topic, chart)
  place('charts', chart.element)
}

/** @param {string} topic */
function addTile(topic) {
  if (tiles.has(topic)) return
  const tile = new VideoTile(topic, {
    keepsOpen: tiles.size < MAX_KEPT_OPEN,
    clock: pageSound.clock,
    onSight: () => rewind?.show(),
  })
  tile.paused = view.paused
  tile.moment = view.moment?.time
  tiles.set(topic, tile)
  place('tiles', tile.element)
}

/** @param {string} section @param {HTMLElement} added */
function place(section, added) {
  element(section).append(added)
}

/**
 * What shows the streams of a kind; those of another are in the table alone.
 * @type {ReadonlyMap<string, (topic: string) => void>}
 */
const PANELS = new Map([
  ['numbers', addChart],
  ['video', addTile],
])

/** Kinds of what is heard. */
const SOUNDS = new Set(['audio', 'voice'])

/** Leads to what is further down the page, and gives it room. @param {number} streams */
function showContents(streams) {
  say(element('count-charts'), String(charts.size))
  say(element('count-tiles'), String(tiles.size))
  say(element('count-streams'), String(streams))
  element('limit').hidden = charts.size <= MAX_HISTORIES
  say(
    element('limit'),
    `${charts.size} streams of numbers: the last ten minutes of ${MAX_HISTORIES} of them are kept. A chart of another begins when it comes into sight.`,
  )
  // What is not there takes no room from what is.
  const hasTiles = tiles.size + sounds.cards > 0
  const has = charts.size > 0 ? (hasTiles ? 'both' : 'numbers') : hasTiles ? 'video' : 'nothing'
  document.body.dataset['has'] = has
  document.body.classList.toggle('one', charts.size + tiles.size + sounds.cards === 1)
}

async function refresh() {
  if (document.hidden) return
  const response = await fetch(addressOf(`stats.json?${log.query}`)).catch(() => undefined)
  if (!response?.ok) {
    const link = response?.status === 401 ? 'refused' : 'offline'
    return setLink(link, LINKS[link])
  }
  /** @type {DashboardReport} */
  const report = await response.json()
  showStates(report)
  table.show(report.streams, report.waiting)
  log.show(report.log)
  showNotices(report.notices)
  for (const stream of report.streams) {
    PANELS.get(stream.kind)?.(stream.topic)
    tiles.get(stream.topic)?.tell(stream)
    charts.get(stream.topic)?.tell(stream)
  }
  sounds.show(report.sound)
  showContents(Math.max(report.streams.length, charts.size + tiles.size))
  if (report.past !== 'none' && !rewind) openTimeline(report.past)
}

/** @param {'ring' | 'recording'} past */
function openTimeline(past) {
  document.body.dataset['past'] = past
  rewind = new Rewind({
    topics: () => [...tiles].flatMap(([topic, { inSight }]) => (inSight ? [topic] : [])),
    width: () => Math.max(0, ...[...tiles.values()].map(({ shownWidth }) => shownWidth)),
    onTimeline: ({ topics }) => {
      for (const { topic, kind } of topics) PANELS.get(kind)?.(topic)
      if (topics.some(({ kind }) => kind === 'chat')) void pastChat.open()
      sounds.offer(topics.filter(({ kind }) => SOUNDS.has(kind)).map(({ topic }) => topic))
      showContents(charts.size + tiles.size)
    },
    onMoment: showMoment,
    onPicture: (picture) => {
      const tile = tiles.get(picture.topic)
      if (tile) tile.drawPast(picture)
      else picture.bitmap.close()
    },
    onMissing: (topics) => {
      for (const [topic, tile] of tiles) tile.isMissing = topics.includes(topic)
    },
  })
  document.body.append(rewind.element)
}

/** @param {number | undefined} time @param {import('../history/moment-window.js').Kept} kept */
function showMoment(time, kept) {
  document.body.classList.toggle('in-past', time !== undefined)
  for (const tile of tiles.values()) tile.moment = time
  sounds.past = time === undefined ? undefined : rewind?.playback
  pastLog.show(time)
  pastChat.show(time)
  view.moment = time === undefined ? undefined : { time, kept }
}

function togglePause() {
  if (rewind) return rewind.toggle()
  view.paused = !view.paused
  for (const tile of tiles.values()) tile.paused = view.paused
  sounds.paused = view.paused
}

/** Shows which time is shown. */
function showTime() {
  element('pause').setAttribute('aria-pressed', String(view.paused))
  element('back').hidden = view.range === undefined
  const { seconds } = view
  const text = String(seconds)
  spans.querySelector('.other')?.remove()
  if (![...spans.options].some(({ value }) => value === text)) {
    const other = new Option(formatSpan(seconds), text)
    other.className = 'other'
    spans.append(other)
  }
  spans.value = text
  keepInAddress('last', seconds === USUAL_SECONDS ? '' : text)
}

element('pause').addEventListener('click', togglePause)
element('back').addEventListener('click', () => view.reset())
spans.addEventListener('change', () => (view.seconds = Number(spans.value)))
document.addEventListener('keydown', (event) => {
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return
  if (event.key === 'Escape') for (const tile of tiles.values()) if (tile.enlarged) tile.enlarged = false
  const { tagName } = /** @type {HTMLElement} */ (event.target)
  if (['INPUT', 'SELECT'].includes(tagName)) return
  if ((event.key !== ' ' || !PRESSED_BY_SPACE.has(tagName)) && rewind?.press(event))
    return event.preventDefault()
  if (event.key !== ' ' || PRESSED_BY_SPACE.has(tagName)) return
  event.preventDefault()
  togglePause()
})
document.addEventListener('visibilitychange', () => void refresh())
view.onChange(showTime)
const asked = Number(new URLSearchParams(location.search).get('last') ?? USUAL_SECONDS)
view.seconds = asked > 0 ? asked : USUAL_SECONDS
setInterval(() => void refresh(), REPORT_MS)
setInterval(() => {
  if (!document.hidden && !view.held) for (const chart of charts.values()) chart.showValues()
}, VALUES_MS)
void refresh()
