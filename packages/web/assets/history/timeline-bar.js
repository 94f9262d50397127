import { make } from '../page/elements.js'
import { formatTime } from '../page/times.js'
import { clamp, columnsOf, formatLength, partOf, timeAfterKey, timeOf } from './timeline-scale.js'

/**
 * The bar that is dragged: what is kept, what was lost, lines of the log, the selection and the moment.
 *
 * @typedef {import('./timeline-scale.js').Span} Span
 *
 * @typedef {object} BarListeners
 * @property {(time: number) => void} onSeek The person wants another moment.
 * @property {(span: Span) => void} onSelect The person moves an end of the selection.
 * @property {(isHeld: boolean) => void} onHold A finger is put on the moment, or leaves it.
 */

/** The least height of a mark, and what a line of the log takes from the top. */
const LINE_PART = 0.4

export class TimelineBar {
  element = make('div', 'rail')
  #track = make('div', 'track')
  #canvas = make('canvas')
  #chosen = make('div', 'chosen')
  #cursor = make('div', 'moment')
  #handles = /** @type {const} */ (['from', 'to']).map((end) => this.#makeHandle(end))
  #listeners
  /** @type {Span} */
  #span = { from: 0, to: 0 }
  /** @type {Span | undefined} */
  #selection
  #time = 0
  #isDragged = false
  /** What came while it was dragged: nothing moves under the finger. @type {Span | undefined} */
  #next
  /** @type {Pick<import('../../src/history/past-messages.ts').TimelineMessage, 'stretchSeconds' | 'losses' | 'lines'>} */
  #marks = { stretchSeconds: 1, losses: [], lines: [] }
  #drawn = ''

  /** @param {BarListeners} listeners */
  constructor(listeners) {
    this.#listeners = listeners
    const track = this.#track
    track.tabIndex = 0
    track.setAttribute('role', 'slider')
    track.setAttribute('aria-label', 'Moment')
    track.setAttribute('aria-keyshortcuts', 'Space')
    this.#chosen.hidden = true
    for (const handle of this.#handles) handle.hidden = true
    track.append(this.#canvas, this.#chosen, this.#cursor)
    this.element.append(track, ...this.#handles)
    drag(
      track,
      (part) => this.#listeners.onSeek(timeOf(this.#span, part)),
      this.element,
      (on) => {
        this.#hold(on)
        this.#listeners.onHold(on)
      },
    )
    track.addEventListener('keydown', (event) => {
      const time = this.#timeAfter(event, this.#time, this.#span)
      if (time !== undefined) this.#listeners.onSeek(time)
    })
    new ResizeObserver(() => this.#draw()).observe(track)
    const schemes = matchMedia('(prefers-color-scheme: light)')
    schemes.addEventListener('change', () => {
      this.#drawn = ''
      this.#draw()
    })
  }

  /** From when to when it goes. */
  get span() {
    return this.#span
  }

  /** Whether a finger is on it. */
  get isDragged() {
    return this.#isDragged
  }

  /** @param {Span} span @param {import('../../src/history/past-messages.ts').TimelineMessage} marks */
  tell(span, marks) {
    this.#marks = marks
    if (this.#isDragged) this.#next = span
    else this.#span = span
    this.#draw()
    this.#place()
  }

  /** @param {number} time */
  set time(time) {
    this.#time = time
    this.#place()
  }

  set selection(/** @type {Span | undefined} */ selection) {
    this.#selection = selection
    this.#place()
  }

  /** @param {boolean} isDragged */
  #hold(isDragged) {
    this.#isDragged = isDragged
    if (isDragged || !this.#next) return
    this.#span = this.#next
    this.#next = undefined
    this.#draw()
    this.#place()
  }

  #place() {
    const span = this.#span
    const percent = (/** @type {number} */ time) => `${(partOf(span, time) * 100).toFixed(3)}%`
    this.#cursor.style.left = percent(this.#time)
    describe(this.#track, this.#time, span)
    const selection = this.#selection
    this.#chosen.hidden = !selection
    for (const handle of this.#handles) handle.hidden = !selection
    if (!selection) return
    this.#chosen.style.left = percent(selection.from)
    this.#chosen.style.right = `${(100 - partOf(span, selection.to) * 100).toFixed(3)}%`
    const [from, to] = this.#handles
    from.style.left = percent(selection.from)
    to.style.left = percent(selection.to)
    describe(from, selection.from, { from: span.from, to: selection.to })
    describe(to, selection.to, { from: selection.from, to: span.to })
  }

  /** @param {'from' | 'to'} end */
  #makeHandle(end) {
    const handle = make('div', `handle ${end}`)
    handle.tabIndex = 0
    handle.setAttribute('role', 'slider')
    handle.setAttribute('aria-label', end === 'from' ? 'Start of the selection' : 'End of the selection')
    const move = (/** @type {number} */ time) => {
      const selection = this.#selection
      if (!selection) return
      const moved = end === 'from' ? Math.min(time, selection.to) : Math.max(time, selection.from)
      this.#listeners.onSelect({ ...selection, [end]: moved })
    }
    drag(
      handle,
      (part) => move(timeOf(this.#span, part)),
      this.element,
      (on) => this.#hold(on),
    )
    handle.addEventListener('keydown', (event) => {
      const time = this.#selection && this.#timeAfter(event, this.#selection[end], this.#span)
      if (time !== undefined) move(time)
    })
    return handle
  }

  /** @param {KeyboardEvent} event @param {number} time @param {Span} span */
  #timeAfter(event, time, span) {
    if (event.ctrlKey || event.metaKey || event.altKey) return undefined
    const next = timeAfterKey(event.key, event.shiftKey, time, span)
    if (next !== undefined) {
      event.preventDefault()
      event.stopPropagation()
    }
    return next
  }

  #draw() {
    const canvas = this.#canvas
    const { clientWidth, clientHeight } = this.#track
    const [width, height] = [clientWidth, clientHeight].map((px) => Math.round(px * devicePixelRatio))
    const { stretchSeconds, losses, lines } = this.#marks
    const key = JSON.stringify([width, height, this.#span, stretchSeconds, losses, lines])
    if (width === 0 || key === this.#drawn) return
    this.#drawn = key
    canvas.width = width
    canvas.height = height
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'))
    const style = getComputedStyle(this.#track)
    const columns = Math.max(Math.round(width / Math.max(devicePixelRatio, 1)), 1)
    const scale = width / columns
    context.fillStyle = style.getPropertyValue('--wait')
    for (const { at, width: wide } of columnsOf(lines, stretchSeconds, this.#span, columns))
      context.fillRect(at * scale, 0, Math.max(wide, 2) * scale, height * LINE_PART)
    context.fillStyle = style.getPropertyValue('--bad')
    const found = columnsOf(losses, stretchSeconds, this.#span, columns)
    const top = LINE_PART * height
    for (const { at, width: wide } of found)
      context.fillRect(at * scale, top, Math.max(wide, 2) * scale, height - top)
  }
}

/** @param {HTMLElement} slider @param {number} time @param {Span} span */
function describe(slider, time, { from, to }) {
  const values = {
    'aria-valuemin': '0',
    'aria-valuemax': Math.max(to - from, 0).toFixed(1),
    'aria-valuenow': clamp(time - from, 0, to - from).toFixed(1),
    'aria-valuetext': `${formatTime(time)}, ${formatLength(Math.max(to - time, 0))} before the end`,
  }
  for (const [name, value] of Object.entries(values)) slider.setAttribute(name, value)
}

/**
 * Calls `onMove` with the part of the rail where a pointer is that was put on the element.
 *
 * @param {HTMLElement} grip
 * @param {(part: number) => void} onMove
 * @param {HTMLElement} rail
 * @param {(isDragged: boolean) => void} onDrag
 */
function drag(grip, onMove, rail, onDrag) {
  // Asked for once: the browser would lay the page out anew with every move.
  let { left, width } = { left: 0, width: 1 }
  const follow = (/** @type {PointerEvent} */ event) => {
    onMove(clamp((event.clientX - left) / Math.max(width, 1), 0, 1))
  }
  grip.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return
    grip.setPointerCapture(event.pointerId)
    ;({ left, width } = rail.getBoundingClientRect())
    onDrag(true)
    follow(event)
  })
  grip.addEventListener('pointermove', (event) => {
    if (grip.hasPointerCapture(event.pointerId)) follow(event)
  })
  for (const end of /** @type {const} */ (['pointerup', 'pointercancel']))
    grip.addEventListener(end, (event) => {
      if (!grip.hasPointerCapture(event.pointerId)) return
      grip.releasePointerCapture(event.pointerId)
      onDrag(false)
    })
}
