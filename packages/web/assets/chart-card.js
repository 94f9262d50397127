import { isPressed, make, makeToggle, say, setToggle } from './elements.js'
import { makeSwatch } from './line-styles.js'
import { NumbersChart } from './numbers-chart.js'
import { PositionChoice } from './position-choice.js'
import { watchSight } from './sight.js'
import { ValueText } from './value-text.js'

const GROUPS = [
  { name: 'Even', wants: (/** @type {number} */ position) => position % 2 === 0 },
  { name: 'Odd', wants: (/** @type {number} */ position) => position % 2 === 1 },
]

/** A chart of a stream of numbers, with its switches and newest values. */
export class ChartCard {
  element = make('div', 'chart')
  #chart
  #switches = make('header')
  #choice
  /** @type {{ chip: HTMLElement, value: HTMLElement, text: ValueText }[]} */
  #chips = []
  /** @type {readonly string[]} */
  #headings = []
  /** @type {readonly number[]} */
  #positions = []
  #paused = false
  #inSight = true
  #isDrawn = false

  /** @param {string} topic */
  constructor(topic) {
    const holder = make('div', 'plot')
    holder.setAttribute('role', 'img')
    holder.setAttribute('aria-label', `Live chart of ${topic}`)
    this.element.id = topic
    this.#choice = new PositionChoice(topic, (positions) => this.#chart.choose(positions))
    this.#choice.element.hidden = true
    this.element.append(make('h2', '', topic), this.#choice.element, this.#switches, holder)
    this.#chart = new NumbersChart(topic, holder, (positions, length) => {
      this.#makeChips(positions)
      this.#choice.tell(positions, length)
      this.#isDrawn = true
      this.#rest()
    })
    watchSight(this.element, (inSight) => {
      this.#inSight = inSight
      this.#rest()
    })
  }

  set windowSeconds(/** @type {number} */ seconds) {
    this.#chart.windowSeconds = seconds
  }

  set paused(/** @type {boolean} */ paused) {
    this.#paused = paused
    this.#rest()
  }

  showValues() {
    for (const [line, { value, least, greatest }] of this.#chart.values.entries()) {
      const shown = this.#chips[line]
      if (!shown) continue
      say(shown.value, shown.text.tell(value, least, greatest))
      shown.value.style.minWidth = `${shown.text.length}ch`
    }
  }

  /** Gives the lines the names of their columns. @param {readonly string[]} names @param {readonly string[]} units */
  name(names = [], units = []) {
    const headings = names.map((name, position) => (units[position] ? `${name} [${units[position]}]` : name))
    if (headings.join('\n') === this.#headings.join('\n')) return
    this.#headings = headings
    this.#makeChips(this.#positions)
  }

  /** Asks for nothing while nobody sees it, once there is something to be seen. */
  #rest() {
    const paused = this.#paused || (this.#isDrawn && !this.#inSight)
    if (this.#chart.paused !== paused) this.#chart.paused = paused
  }

  /** @param {readonly number[]} positions */
  #makeChips(positions) {
    this.#positions = positions
    this.#chips = positions.map((position, line) => {
      const heading = this.#headings[position]
      const chip = makeToggle(heading ?? String(position), this.#chart.isShown(position), (on) =>
        this.#chart.show(position, on),
      )
      const value = make('span', 'value')
      chip.prepend(make('span', 'unseen', 'Position '), makeSwatch(line))
      chip.append(value)
      return { chip, value, text: new ValueText() }
    })
    const chips = this.#chips.map(({ chip }) => chip)
    const groups = GROUPS.map(({ name, wants }) => ({
      name,
      members: chips.filter((_, line) => wants(positions[line])),
    }))
    // One alone is switched as well by its own chip.
    const toggles = (chips.length > 1 ? groups : []).map(({ name, members }) => {
      const toggle = makeToggle(name, members.some(isPressed), (on) =>
        members.forEach((chip) => setToggle(chip, on)),
      )
      const follow = () => toggle.setAttribute('aria-pressed', String(members.some(isPressed)))
      for (const chip of members) chip.addEventListener('click', follow)
      return toggle
    })
    this.#switches.replaceChildren(...toggles, ...chips)
    this.showValues()
  }
}
