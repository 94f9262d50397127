import { addressOf } from './address.js'
import { ChartCard } from './chart-card.js'
import { element, say } from './elements.js'
import { LogList } from './log-list.js'
import { showNotices } from './notices.js'
import { StreamsTable } from './streams-table.js'
import { VideoTile } from './video-tile.js'

const REPORT_MS = 1000
const VALUES_MS = 500
/** Streams of video that keep a connection each: browsers allow 200 to 255. */
const MAX_KEPT_OPEN = 60
/** Streams of numbers that the server keeps the last minutes of. */
const MAX_HISTORIES = 32
const LINKS = {
  offline: 'Not reachable, trying again',
  refused: 'Needs its token: reload this page',
}

/** @type {Map<string, ChartCard>} */
const charts = new Map()
/** @type {Map<string, VideoTile>} */
const tiles = new Map()
const table = new StreamsTable(element('streams'))
const log = new LogList(element('log'))
let paused = false

/** @param {string} link @param {string} text */
function setLink(link, text) {
  document.body.dataset['link'] = link
  say(element('state'), text)
}

/** Says how many are live of what there is. @param {string[]} states */
function showStates(states) {
  const live = states.filter((state) => state === 'live').length
  if (live === 0) setLink('waiting', 'Waiting')
  else if (live < states.length) setLink('waiting', `${live} of ${states.length} live`)
  else setLink('live', 'Live')
}

/** @param {string} topic */
function addChart(topic) {
  if (charts.has(topic)) return
  const chart = new ChartCard(topic)
  chart.windowSeconds = Number(/** @type {HTMLSelectElement} */ (element('window')).value)
  chart.paused = paused
  charts.set(topic, chart)
  place('charts', chart.element)
}

/** @param {string} topic */
function addTile(topic) {
  if (tiles.has(topic)) return
  const tile = new VideoTile(topic, tiles.size < MAX_KEPT_OPEN)
  tile.paused = paused
  tiles.set(topic, tile)
  place('tiles', tile.element)
}

/** @param {string} section @param {HTMLElement} added */
function place(section, added) {
  element(section).querySelector('.empty')?.remove()
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

/** Leads to what is further down the page. @param {number} streams */
function showContents(streams) {
  say(element('count-charts'), String(charts.size))
  say(element('count-tiles'), String(tiles.size))
  say(element('count-streams'), String(streams))
  element('limit').hidden = charts.size <= MAX_HISTORIES
  say(
    element('limit'),
    `${charts.size} streams of numbers: the last ten minutes of ${MAX_HISTORIES} of them are kept. A chart of another begins when it comes into sight.`,
  )
}

async function refresh() {
  if (document.hidden) return
  const response = await fetch(addressOf(`stats.json?${log.query}`)).catch(() => undefined)
  if (!response?.ok) {
    const link = response?.status === 401 ? 'refused' : 'offline'
    return setLink(link, LINKS[link])
  }
  const report = await response.json()
  showStates([...report.streams.map((/** @type {any} */ { state }) => state), ...report.waiting])
  table.show(report.streams, report.waiting)
  log.show(report.log)
  showNotices(report.notices)
  for (const stream of report.streams) {
    PANELS.get(stream.kind)?.(stream.topic)
    charts.get(stream.topic)?.name(stream.names, stream.units)
    tiles.get(stream.topic)?.tell(stream)
  }
  showContents(report.streams.length)
}

function togglePause() {
  paused = !paused
  element('pause').setAttribute('aria-pressed', String(paused))
  for (const shown of [...charts.values(), ...tiles.values()]) shown.paused = paused
}

element('pause').addEventListener('click', togglePause)
element('window').addEventListener('change', ({ target }) => {
  const seconds = Number(/** @type {HTMLSelectElement} */ (target).value)
  for (const chart of charts.values()) chart.windowSeconds = seconds
})
document.addEventListener('keydown', (event) => {
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return
  if (event.key === 'Escape') for (const tile of tiles.values()) if (tile.enlarged) tile.enlarged = false
  const { tagName } = /** @type {HTMLElement} */ (event.target)
  if (event.key !== ' ' || ['A', 'BUTTON', 'INPUT', 'SELECT'].includes(tagName)) return
  event.preventDefault()
  togglePause()
})
document.addEventListener('visibilitychange', () => void refresh())
setInterval(() => void refresh(), REPORT_MS)
setInterval(() => {
  if (!document.hidden && !paused) for (const chart of charts.values()) chart.showValues()
}, VALUES_MS)
void refresh()
