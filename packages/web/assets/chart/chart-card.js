import { make, makeChoice, makeToggle, say } from '../page/elements.js'
import { formatSpan, formatTime } from '../page/times.js'
import { watchSight } from '../page/sight.js'
import { choiceOf, keepChoice } from './address-choices.js'
import { BigValues } from './big-values.js'
import { watchGestures } from './chart-gestures.js'
import { CursorReadout } from './cursor-readout.js'
import { Legend } from './legend.js'
import { onSchemeChange } from './line-styles.js'
import { NumbersChart } from './numbers-chart.js'
import { NumbersFeed } from './numbers-feed.js'
import { PacedDrawing } from './paced-drawing.js'
import { PositionChoice } from './position-choice.js'
import { PositionList } from './position-list.js'
import { RowsTable } from './rows-table.js'
import { ValueText } from './value-text.js'
import { XyPlot } from './xy-plot.js'

const GROUPS = [
  { name: 'Even', wants: (/** @type {number} */ position) => position % 2 === 0 },
  { name: 'Odd', wants: (/** @type {number} */ position) => position % 2 === 1 },
]
const LOOK_NAMES = { lines: 'Lines', values: 'Values', xy: 'XY', table: 'Table' }
const FIT_NAMES = { auto: 'Auto scale', one: 'One scale', each: 'Fit each' }
const NOTHING_SHOWN = { start: 0, end: 0 }
const SILENT_DRAW_MS = 1000
/** A stream that is silent for so long is worth a word. */
const GONE_SECONDS = 10

/** A stream of numbers: its lines over time, its values, one against another, or its newest rows. */
export class ChartCard {
  element = make('article', 'chart')
  #topic
  #view
  #choice
  #feed
  #chart
  #drawing
  #readout
  #legend
  #positions
  #list
  #big
  #xy
  #table
  #gone = make('p', 'gone')
  /** What is under the cursor, for those who hear it. */
  #heard = make('p', 'unseen')
  #groups = make('div', 'groups')
  #plot = make('div', 'plot')
  #axes = make('span', 'axes')
  /** @type {ValueText[]} */
  #texts = []
  #inSight = true
  #drawnAtMs = 0
  /** @type {number | undefined} */
  #heldAtMs
  /** What was drawn last of the past. @type {{ slices: object, start: number, end: number } | undefined} */
  #drawnPast

  /** @param {string} topic @param {import('./time-view.js').TimeView} view The time that is shown. */
  constructor(topic, view) {
    this.#topic = topic
    this.#view = view
    this.#choice = choiceOf(topic)
    this.#feed = new NumbersFeed(
      topic,
      () => this.#takePositions(),
      () => this.#takeData(),
    )
    if (this.#choice.drawn.length > 0) this.#feed.choose(this.#choice.drawn)
    this.#chart = new NumbersChart(this.#feed, view, this.#plot)
    const write = (/** @type {number} */ line, /** @type {number} */ value) =>
      this.#texts[line]?.write(value) ?? '–'
    this.#readout = new CursorReadout(this.#plot, this.#chart, this.#feed, view, write)
    this.#big = new BigValues(this.#feed, write)
    this.#xy = new XyPlot(topic, this.#feed)
    this.#table = new RowsTable(topic, this.#feed, write)
    this.#legend = new Legend(topic, {
      onToggle: (position) => this.#toggle(position),
      onAlone: (position) => this.#showAlone(position),
      onMark: (line) => this.#chart.mark(line),
    })
    const choose = (/** @type {readonly number[]} */ positions) => this.#choosePositions(positions)
    this.#positions = new PositionChoice(topic, choose)
    this.#positions.element.hidden = true
    this.#list = new PositionList(topic, (position) => this.#feed.nameOf(position), choose)
    this.#list.element.hidden = true
    this.#drawing = new PacedDrawing(
      () => this.#draw(),
      () => this.#heldAtMs === undefined && !document.hidden,
    )
    this.#build()
    this.#watch()
  }

  /** Says how the stream is doing, and what its positions are called. @param {import('../../src/page/page-messages.ts').DashboardReport['streams'][number]} stream */
  tell({ state, silentMs, newestTime, names = [], units = [] }) {
    if (this.#view.moment) return
    const seconds = silentMs / 1000
    const usual = this.#feed.slices.empty ? 0 : this.#feed.slices.breakSeconds()
    const isGone = state !== 'live' || seconds > Math.max(GONE_SECONDS, usual)
    this.element.classList.toggle('is-gone', isGone)
    const since = `${formatSpan(seconds)}, since ${formatTime(newestTime)}`
    say(this.#gone, !isGone ? '' : state === 'live' ? `Nothing new for ${since}` : `Gone for ${since}`)
    if (names.join('\n') === this.#feed.names.join('\n') && units.join('\n') === this.#feed.units.join('\n'))
      return
    this.#feed.names = names
    this.#feed.units = units
    this.#takePositions()
  }

  /** Says the values of its lines: the newest, or those under the cursor. */
  showValues() {
    const { statistics, lines } = this.#chart.points
    const at = this.#readout.at
    this.#legend.tellTime(at < 0 ? 'last' : formatTime(this.#chart.points.times[at]))
    for (const [line, newest] of this.#feed.newest.entries()) {
      const { least, greatest, mean } = statistics[line] ?? { least: newest, greatest: newest, mean: newest }
      const text = this.#texts[line]
      if (!text) continue
      const last = text.tell(newest, minOf(least, newest), maxOf(greatest, newest))
      const value = lines[line]?.[at]
      const under = typeof value === 'number' ? text.write(value) : '–'
      const rest = [least, greatest, mean].map((statistic) => text.write(statistic))
      this.#legend.tell(line, [at < 0 ? last : under, ...rest])
    }
  }

  #build() {
    this.element.id = this.#topic
    this.element.setAttribute('aria-label', this.#topic)
    this.#plot.tabIndex = 0
    this.#plot.setAttribute('role', 'img')
    this.#plot.setAttribute('aria-label', `Live chart of ${this.#topic}`)
    this.#gone.setAttribute('role', 'status')
    this.#heard.setAttribute('aria-live', 'polite')
    const looks = makeChoice(`How ${this.#topic} is shown`, LOOK_NAMES, this.#choice.look, (look) =>
      this.#keep({ look }),
    )
    const fits = makeChoice(`Scale of ${this.#topic}`, FIT_NAMES, this.#choice.fit, (fit) =>
      this.#keep({ fit }),
    )
    fits.classList.add('for-lines')
    fits.title = 'Auto scale: two scales where values are far apart. Fit each: a scale for each line.'
    this.#axes.classList.add('for-xy')
    const tools = make('div', 'chart-tools')
    tools.append(this.#groups, this.#axes, fits, looks)
    const head = make('header')
    head.append(make('h2', '', this.#topic), this.#gone, tools)
    const body = make('div', 'chart-body')
    body.append(this.#plot, this.#xy.element, this.#big.element, this.#table.element, this.#legend.element)
    const bar = make('div', 'position-bar')
    bar.append(this.#positions.element, this.#list.element)
    this.element.append(head, bar, body, this.#heard)
    this.element.dataset.look = this.#choice.look
  }

  #watch() {
    const shown = () => this.#chart.shown
    watchGestures({ holder: this.#plot, view: this.#view, plot: () => this.#chart.plot, shown })
    this.#view.onChange(() => this.#follow())
    this.#view.onCursor(() => this.#followCursor())
    onSchemeChange(() => this.#takePositions())
    watchSight(this.element, (inSight) => {
      this.#inSight = inSight
      this.#follow()
    })
    // In silence, the time still goes on.
    setInterval(() => {
      if (performance.now() - this.#drawnAtMs >= SILENT_DRAW_MS) void this.#drawing.soon()
    }, SILENT_DRAW_MS)
    this.#follow()
  }

  #followCursor() {
    this.showValues()
    // Nobody hears what is inside of a picture.
    if (this.#plot.matches(':focus-visible')) say(this.#heard, this.#readout.text)
  }

  /** Goes with the time that the page shows. */
  #follow() {
    this.#heldAtMs = this.#view.held ? (this.#heldAtMs ?? performance.now()) : undefined
    const { moment } = this.#view
    if (moment) return this.#followMoment(moment)
    this.#feed.look(undefined, NOTHING_SHOWN)
    this.#drawnPast = undefined
    this.#rest()
    if (this.#view.held) this.#drawHeld()
    else void this.#drawing.soon()
  }

  /** @param {import('./time-view.js').Moment} moment */
  #followMoment(moment) {
    // What is out of sight is not asked for.
    if (!this.#inSight) return
    say(this.#gone, '')
    this.element.classList.remove('is-gone')
    const { start, end } = this.#view.look(this.#chart, Number.NaN)
    this.#feed.look(moment, { start, end })
    this.#rest()
    const { slices } = this.#feed
    const before = this.#drawnPast
    const isSame = before?.slices === slices && before.start === start && before.end === end
    this.#drawnPast = { slices, start, end }
    // Where the lines stay, the cursor moves by itself.
    if (!isSame || this.#choice.look !== 'lines') this.#drawHeld()
  }

  /** Nothing is asked for while nobody sees it, once there is something to be seen. */
  #rest() {
    const rests = this.#view.held || !this.#inSight
    const paused = rests && this.#drawnAtMs > 0 && this.#feed.isCurrent
    if (this.#feed.paused !== paused) this.#feed.paused = paused
  }

  async #takeData() {
    if (!this.#view.held) await this.#drawing.soon()
    // What is looked at is completed first.
    else if (this.#feed.isCurrent) this.#follow()
    else this.#drawHeld()
  }

  #drawHeld() {
    this.#draw()
    this.showValues()
  }

  #draw() {
    const { slices } = this.#feed
    if (slices.empty && !this.#view.moment) return 0
    this.#drawnAtMs = performance.now()
    const nowMs = this.#heldAtMs ?? this.#drawnAtMs
    const { look, axes } = this.#choice
    this.#chart.look(nowMs)
    const { lines, shown } = this.#chart
    if (look === 'values') return this.#big.draw(lines)
    const end = this.#view.moment?.time ?? shown.end
    if (look === 'xy') return this.#xy.draw(axes, { start: shown.start, end })
    if (look === 'table') return this.#table.draw(lines, end)
    const count = this.#chart.draw()
    this.#readout.follow()
    return count
  }

  /** Other positions are here, or they are called otherwise. */
  #takePositions() {
    const { positions, length } = this.#feed.slices
    this.#texts = positions.map((_, line) => this.#texts[line] ?? new ValueText())
    const hidden = new Set(this.#choice.hidden)
    this.#chart.makeLines()
    this.#legend.makeRows(
      positions.map((position) => ({
        position,
        name: this.#feed.nameOf(position),
        unit: this.#feed.unitOf(position),
        shown: !hidden.has(position),
      })),
    )
    this.#positions.tell(positions, length)
    this.#list.tell(positions, length)
    this.#list.element.hidden = this.#positions.element.hidden
    this.#makeGroups()
    this.#makeAxes()
    this.#big.makeLines([])
    this.#arrange()
    this.#follow()
    this.showValues()
    // With as many digits as they need, which is known only now.
    this.#draw()
  }

  /** Shows what is chosen, and keeps it. @param {Partial<import('./stream-choice.js').StreamChoice>} changed */
  #keep(changed) {
    this.#choice = { ...this.#choice, ...changed }
    keepChoice(this.#topic, this.#choice)
    this.element.dataset.look = this.#choice.look
    this.#arrange()
  }

  #arrange() {
    const hidden = new Set(this.#choice.hidden)
    const { positions } = this.#feed.slices
    this.#chart.arrange(hidden, this.#choice.fit)
    this.#legend.press((line) => !hidden.has(positions[line]))
    for (const [at, toggle] of [...this.#groups.children].entries()) {
      const members = positions.filter(GROUPS[at].wants)
      toggle.setAttribute('aria-pressed', String(members.some((position) => !hidden.has(position))))
    }
    this.#draw()
  }

  /** @param {readonly number[]} positions */
  #choosePositions(positions) {
    this.#keep({ drawn: positions })
    this.#feed.choose(positions)
    this.#follow()
  }

  /** @param {number} position */
  #toggle(position) {
    const { hidden } = this.#choice
    const isHidden = hidden.includes(position)
    this.#keep({
      hidden: isHidden ? hidden.filter((one) => one !== position) : sorted([...hidden, position]),
    })
  }

  /** Shows one line alone; where it is alone already, all of them. @param {number} position */
  #showAlone(position) {
    const { positions } = this.#feed.slices
    const others = positions.filter((one) => one !== position)
    const isAlone = others.every((one) => this.#choice.hidden.includes(one))
    this.#keep({ hidden: isAlone ? [] : sorted(others) })
  }

  #makeGroups() {
    const { positions } = this.#feed.slices
    // One alone is switched as well by its own button; of what has names, nobody knows which is even.
    const groups = positions.length > 1 && this.#feed.names.length === 0 ? GROUPS : []
    const toggles = groups.map(({ name, wants }) =>
      makeToggle(name, true, (on) => {
        const members = new Set(this.#feed.slices.positions.filter(wants))
        const others = this.#choice.hidden.filter((position) => !members.has(position))
        this.#keep({ hidden: on ? others : sorted([...others, ...members]) })
      }),
    )
    this.#groups.replaceChildren(...toggles)
  }

  #makeAxes() {
    const { positions } = this.#feed.slices
    const names = Object.fromEntries(positions.map((position) => [position, this.#feed.nameOf(position)]))
    const choices = ['X', 'Y'].map((name, axis) => {
      const label = make('label', '', `${name} `)
      const chosen = String(this.#choice.axes[axis])
      label.append(
        makeChoice(`${name} of ${this.#topic}`, names, chosen, (position) => {
          const [x, y] = this.#choice.axes
          this.#keep({ axes: axis === 0 ? [Number(position), y] : [x, Number(position)] })
        }),
      )
      return label
    })
    this.#axes.replaceChildren(...choices)
  }
}

/** @param {number[]} positions */
function sorted(positions) {
  return positions.sort((one, other) => one - other)
}

/** @param {number} statistic @param {number} newest */
function minOf(statistic, newest) {
  return Number.isNaN(statistic) ? newest : Math.min(statistic, newest)
}

/** @param {number} statistic @param {number} newest */
function maxOf(statistic, newest) {
  return Number.isNaN(statistic) ? newest : Math.max(statistic, newest)
}
