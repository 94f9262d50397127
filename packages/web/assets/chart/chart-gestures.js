/**
 * How a person moves in the time of a chart: wheel and pinch show more or less, a double click all of it again, and the
 * keyboard does the same. Dragging selects, which is uPlot's.
 */

/** What one notch of a wheel does. */
const WHEEL_FACTOR = 1.25
const KEY_FACTOR = 1.5
const KEY_MOVE = 0.2
/** Of the width: how far an arrow moves the cursor. */
const KEY_CURSOR = 1 / 60

/**
 * @typedef {object} Moved What moves.
 * @property {HTMLElement} holder The element of the chart.
 * @property {import('./time-view.js').TimeView} view
 * @property {() => uPlot | undefined} plot
 * @property {() => { start: number, end: number }} shown What is shown now.
 */

/** @param {Moved} moved */
export function watchGestures({ holder, view, plot, shown }) {
  /** @param {number} clientX */
  const timeAt = (clientX) => {
    const { left, width } = /** @type {uPlot} */ (plot()).over.getBoundingClientRect()
    const { start, end } = shown()
    return start + ((end - start) * Math.min(Math.max(clientX - left, 0), width)) / Math.max(width, 1)
  }
  holder.addEventListener(
    'wheel',
    (event) => {
      // Pinching on a touch pad comes as a wheel with Ctrl. Else the wheel belongs to a page that can be scrolled, until
      // the person has turned to the chart.
      const scrolls = document.documentElement.scrollHeight > innerHeight + 1
      if (!plot() || (scrolls && !event.ctrlKey && document.activeElement !== holder)) return
      event.preventDefault()
      if (event.deltaY === 0) return
      view.zoomAround(timeAt(event.clientX), event.deltaY > 0 ? WHEEL_FACTOR : 1 / WHEEL_FACTOR, shown())
    },
    { passive: false },
  )
  holder.addEventListener('dblclick', () => view.reset())
  holder.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !plot()) return
    const { start, end } = shown()
    const at = view.cursor ?? end
    const steps = (end - start) * KEY_CURSOR
    /** @type {Record<string, () => void>} */
    const acts = {
      '+': () => view.zoomAround(at, 1 / KEY_FACTOR, shown()),
      '-': () => view.zoomAround(at, KEY_FACTOR, shown()),
      0: () => view.reset(),
      Escape: () => view.reset(),
      ArrowLeft: () =>
        event.shiftKey ? view.move(-KEY_MOVE, shown()) : (view.cursor = Math.max(at - steps, start)),
      ArrowRight: () =>
        event.shiftKey ? view.move(KEY_MOVE, shown()) : (view.cursor = Math.min(at + steps, end)),
    }
    const act = acts[event.key === '=' ? '+' : event.key]
    if (!act) return
    event.preventDefault()
    act()
  })
  watchPinch(holder, (clientX, factor) => {
    if (plot()) view.zoomAround(timeAt(clientX), factor, shown())
  })
}

/** @param {HTMLElement} holder @param {(clientX: number, factor: number) => void} onPinch */
function watchPinch(holder, onPinch) {
  /** Where the fingers are. @type {Map<number, number>} */
  const fingers = new Map()
  let before = 0
  const apart = () => {
    const [one = 0, other = 0] = fingers.values()
    return Math.max(Math.abs(one - other), 1)
  }
  holder.addEventListener('pointerdown', (event) => {
    if (event.pointerType !== 'touch') return
    fingers.set(event.pointerId, event.clientX)
    before = apart()
  })
  holder.addEventListener('pointermove', (event) => {
    if (!fingers.has(event.pointerId)) return
    fingers.set(event.pointerId, event.clientX)
    if (fingers.size !== 2) return
    const [one = 0, other = 0] = fingers.values()
    onPinch((one + other) / 2, before / apart())
    before = apart()
  })
  for (const end of /** @type {const} */ (['pointerup', 'pointercancel', 'pointerleave'])) {
    holder.addEventListener(end, (event) => fingers.delete(event.pointerId))
  }
}
