import { NumbersChart } from './numbers-chart.js'
import { PictureStream } from './picture-stream.js'

/** @param {string} id */
const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id))

const REPORT_MS = 1000
const MAX_LOG_LINES = 200
const MAX_CHARTS = 4
const MAX_TILES = 12
const STILL_MS = 3000
/** Columns of the table after the stream and its state. */
const COUNT_COLUMNS = 7
const LINKS = {
  offline: 'Not reachable, trying again',
  refused: 'Needs its token again',
}

/** @type {Map<string, Chart>} */
const charts = new Map()
/** @type {Map<string, Tile>} */
const tiles = new Map()
let logNext = 0
let logRun = ''
let paused = false

/** @param {string} tag @param {string} [className] @param {string} [text] */
function make(tag, className = '', text = '') {
  const made = document.createElement(tag)
  if (className) made.className = className
  if (text) made.textContent = text
  return made
}

/** A chart with its switches. */
class Chart {
  #chart
  #switches = make('header')
  /** @type {HTMLElement[]} */
  #chips = []
  #topic

  /** @param {string} topic */
  constructor(topic) {
    this.#topic = topic
    const card = make('div', 'chart')
    const holder = make('div', 'plot')
    holder.setAttribute('role', 'img')
    holder.setAttribute('aria-label', `Live chart of ${topic}`)
    card.append(this.#switches, holder)
    element('charts').querySelector('.empty')?.remove()
    element('charts').append(card)
    this.#chart = new NumbersChart(
      topic,
      holder,
      (columns) => this.#makeChips(columns),
      () => {},
    )
    this.windowSeconds = Number(/** @type {HTMLSelectElement} */ (element('window')).value)
    this.#chart.paused = paused
  }

  set windowSeconds(/** @type {number} */ seconds) {
    this.#chart.windowSeconds = seconds
  }

  set paused(/** @type {boolean} */ value) {
    this.#chart.paused = value
  }

  showValues() {
    for (const [position, value] of this.#chart.newest.entries()) {
      const text = this.#chips[position]?.querySelector('.value')
      if (text && value !== undefined) text.textContent = formatValue(value)
    }
  }

  /** @param {number} columns */
  #makeChips(columns) {
    const groups = [
      { name: 'Even', wants: (/** @type {number} */ position) => position % 2 === 0 },
      { name: 'Odd', wants: (/** @type {number} */ position) => position % 2 === 1 },
    ]
    this.#chips = Array.from({ length: columns }, (_, position) => {
      const chip = makeToggle(String(position), (on) => this.#chart.show(position, on))
      const swatch = make('span', 'swatch')
      swatch.style.borderColor = swatch.style.background = NumbersChart.colour(position) ?? ''
      chip.prepend(swatch)
      chip.append(make('span', 'value'))
      chip.setAttribute('aria-label', `Position ${position}`)
      return chip
    })
    const toggles = groups.map(({ name, wants }) => {
      const members = this.#chips.filter((_, position) => wants(position))
      const toggle = makeToggle(name, (on) => members.forEach((chip) => setToggle(chip, on)))
      const follow = () => toggle.setAttribute('aria-pressed', String(members.some(isPressed)))
      for (const chip of members) chip.addEventListener('click', follow)
      return toggle
    })
    this.#switches.replaceChildren(make('h2', '', this.#topic), ...toggles, ...this.#chips)
  }
}

/** @type {WeakMap<HTMLElement, (on: boolean) => void>} */
const toggled = new WeakMap()

/** @param {string} text @param {(on: boolean) => void} onToggle */
function makeToggle(text, onToggle) {
  const toggle = make('button', 'chip', text)
  toggle.setAttribute('type', 'button')
  toggle.setAttribute('aria-pressed', 'true')
  toggled.set(toggle, onToggle)
  toggle.addEventListener('click', () => setToggle(toggle, !isPressed(toggle)))
  return toggle
}

/** @param {HTMLElement} toggle */
function isPressed(toggle) {
  return toggle.getAttribute('aria-pressed') === 'true'
}

/** @param {HTMLElement} toggle @param {boolean} on */
function setToggle(toggle, on) {
  toggle.setAttribute('aria-pressed', String(on))
  toggled.get(toggle)?.(on)
}

/** A video stream. */
class Tile {
  #tile = make('figure', 'tile still')
  #caption = make('span')
  #stream
  #drawn = 0
  #drawnAtMs = performance.now()

  /** @param {string} topic */
  constructor(topic) {
    const canvas = /** @type {HTMLCanvasElement} */ (make('canvas'))
    canvas.dataset.topic = topic
    canvas.setAttribute('role', 'img')
    canvas.setAttribute('aria-label', `Live picture of ${topic}`)
    const context = canvas.getContext('bitmaprenderer')
    const caption = make('figcaption')
    caption.append(make('span', '', topic), this.#caption)
    this.#tile.append(canvas, caption)
    canvas.addEventListener('dblclick', () => void canvas.requestFullscreen?.())
    element('tiles').querySelector('.empty')?.remove()
    element('tiles').append(this.#tile)
    const onPicture = (
      /** @type {import('./picture-stream.js').Picture} */ { bitmap, width, height, seq },
    ) => {
      if (canvas.width !== width || canvas.height !== height) {
        canvas.width = width
        canvas.height = height
        canvas.style.aspectRatio = `${width} / ${height}`
      }
      context?.transferFromImageBitmap(bitmap)
      canvas.dataset.seq = String(seq)
      this.#drawn += 1
      this.#drawnAtMs = performance.now()
      this.#tile.classList.remove('still')
    }
    this.#stream = new PictureStream(topic, { onPicture, onReport: () => {}, onLink: () => {} })
    this.#stream.paused = paused
  }

  set paused(/** @type {boolean} */ value) {
    this.#stream.paused = value
  }

  /** Says how many pictures were drawn since it was last told. */
  tell(/** @type {any} */ report) {
    const still = !paused && performance.now() - this.#drawnAtMs > STILL_MS
    this.#tile.classList.toggle('still', still)
    const rate = still ? 'no picture' : `${this.#drawn} fps`
    this.#caption.textContent = paused ? 'paused' : `${report.width}×${report.height} · ${rate}`
    this.#drawn = 0
  }
}

/** @param {number} value */
function formatValue(value) {
  const size = Math.abs(value)
  return size >= 1e6 || (size < 1e-3 && size > 0)
    ? value.toExponential(2)
    : value.toFixed(size < 10 ? 3 : size < 1000 ? 1 : 0)
}

/** @param {number | undefined} ms */
function formatMs(ms) {
  return ms === undefined ? '–' : `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`
}

/**
 * @param {any[]} streams
 * @param {string[]} waiting The states of the subscriptions that have no stream yet.
 */
function showStreams(streams, waiting) {
  const rows = streams.map((stream) => {
    const clocks = stream.clocksDiffer ? 'clocks differ' : undefined
    const cells = [
      [stream.fps.toFixed(1)],
      [clocks ?? formatMs(stream.latencyMs?.p50), clocks ? 'warn' : ''],
      [clocks ?? formatMs(stream.latencyMs?.p99), clocks ? 'warn' : ''],
      [String(stream.received)],
      [String(stream.lost ?? '–'), stream.lost > 0 ? 'warn' : ''],
      [String(stream.skipped)],
      [String(stream.invalid), stream.invalid > 0 ? 'warn' : ''],
    ]
    return makeRow(stream.topic, stream.state, cells)
  })
  const empty = Array.from({ length: COUNT_COLUMNS }, () => ['–'])
  const waitingRows = waiting.map((state) => makeRow('no stream yet', state, empty))
  element('streams').replaceChildren(...rows, ...waitingRows)
}

/** @param {string} name @param {string} state @param {string[][]} cells Each a text and a class. */
function makeRow(name, state, cells) {
  const row = make('tr')
  const header = make('th', '', name)
  header.setAttribute('scope', 'row')
  const all = [[state, state === 'live' ? 'live' : 'warn'], ...cells]
  row.append(header, ...all.map(([text, className]) => make('td', className, text)))
  return row
}

/** @param {{ run: string, next: number, lines: string[] }} log */
function showLog(log) {
  const list = element('log')
  // A dashboard that was started again counts from the beginning.
  if (log.run !== logRun) list.replaceChildren()
  logRun = log.run
  logNext = log.next
  if (log.lines.length === 0) {
    if (list.childElementCount === 0) list.append(make('li', 'empty', 'Nothing went wrong so far.'))
    return
  }
  list.querySelector('.empty')?.remove()
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 20
  list.append(...log.lines.map((line) => make('li', '', line)))
  while (list.childElementCount > MAX_LOG_LINES) list.firstElementChild?.remove()
  if (atEnd) list.scrollTop = list.scrollHeight
}

/** @param {string} link @param {string} text */
function setLink(link, text) {
  document.body.dataset.link = link
  if (element('state').textContent !== text) element('state').textContent = text
}

/** Says how many are live of what there is. @param {string[]} states */
function showStates(states) {
  const live = states.filter((state) => state === 'live').length
  if (live === 0) setLink('waiting', 'Waiting')
  else if (live < states.length) setLink('waiting', `${live} of ${states.length} live`)
  else setLink('live', 'Live')
}

async function refresh() {
  if (document.hidden) return
  const response = await fetch(`stats.json?log=${logNext}&run=${logRun}`).catch(() => undefined)
  if (!response?.ok) {
    const link = response?.status === 401 ? 'refused' : 'offline'
    return setLink(link, LINKS[link])
  }
  const report = await response.json()
  showStates([...report.streams.map((/** @type {any} */ { state }) => state), ...report.waiting])
  showStreams(report.streams, report.waiting)
  showLog(report.log)
  for (const stream of report.streams) {
    const isVideo = stream.kind === 'video'
    if (isVideo && !tiles.has(stream.topic) && tiles.size < MAX_TILES)
      tiles.set(stream.topic, new Tile(stream.topic))
    if (!isVideo && !charts.has(stream.topic) && charts.size < MAX_CHARTS)
      charts.set(stream.topic, new Chart(stream.topic))
    tiles.get(stream.topic)?.tell(stream)
  }
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
  const { tagName } = /** @type {HTMLElement} */ (event.target)
  if (event.key !== ' ' || event.repeat || tagName === 'BUTTON' || tagName === 'SELECT') return
  event.preventDefault()
  togglePause()
})
document.addEventListener('visibilitychange', () => void refresh())
setInterval(() => void refresh(), REPORT_MS)
setInterval(() => {
  if (!document.hidden && !paused) for (const chart of charts.values()) chart.showValues()
}, 500)
void refresh()
