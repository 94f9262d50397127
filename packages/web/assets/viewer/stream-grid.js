import { GridTile } from './grid-tile.js'

/**
 * All streams of a viewer side by side, each a button that enlarges it.
 *
 * @typedef {object} GridListeners
 * @property {() => void} onPicture A picture was drawn.
 * @property {(report: import('../../src/page/page-messages.ts').ReportMessage) => void} onReport
 * @property {(link: import('../stream/live-socket.js').Link) => void} onLink
 * @property {(topic: string) => void} onChoose
 * @property {() => void} onSight Others are in sight.
 */

/** Between the tiles and around them, as in the style sheet. */
const GAP_PX = 8
const LEAST_WIDTH_PX = 140
/** Tiles of a stranger shape would leave no room for one another, or for their names. */
const NARROWEST = 9 / 16
const WIDEST = 21 / 9

export class StreamGrid {
  #container
  #listeners
  #paused = false
  #isPast = false
  #aspect = 16 / 9
  /** @type {Map<string, GridTile>} */
  #tiles = new Map()
  /** What nobody sees is not asked for. */
  #sight = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const tile = this.#tiles.get(/** @type {HTMLElement} */ (target).dataset['topic'] ?? '')
      if (tile) tile.inSight = isIntersecting
    }
    this.#listeners.onSight()
  })
  #resizing = new ResizeObserver(() => this.#arrange())

  /**
   * @param {HTMLElement} container
   * @param {GridListeners} listeners
   */
  constructor(container, listeners) {
    this.#container = container
    this.#listeners = listeners
    container.hidden = false
    container.addEventListener('keydown', this.#onKey)
    this.#resizing.observe(container)
  }

  /** What of all streams together gets here, while it is less than there is: see `PictureStream`. */
  get network() {
    const slow = [...this.#tiles.values()].flatMap(({ stream }) => stream.network ?? [])
    if (slow.length === 0) return undefined
    const sum = (/** @type {'wanted' | 'carried'} */ key) => slow.reduce((total, one) => total + one[key], 0)
    return { wanted: sum('wanted'), carried: sum('carried'), isBusy: slow.some(({ isBusy }) => isBusy) }
  }

  /** Pictures that came to the viewer but were not shown here, while the page was looking. */
  get skipped() {
    return [...this.#tiles.values()].reduce((sum, { stream }) => sum + stream.skipped, 0)
  }

  set paused(/** @type {boolean} */ paused) {
    this.#paused = paused
    for (const tile of this.#tiles.values()) tile.paused = paused
  }

  /** Whether it shows the past. */
  set isPast(/** @type {boolean} */ isPast) {
    this.#isPast = isPast
    for (const tile of this.#tiles.values()) tile.isPast = isPast
  }

  /** The streams that are in sight. */
  get shownTopics() {
    return [...this.#tiles].flatMap(([topic, { inSight }]) => (inSight ? [topic] : []))
  }

  /** How wide the pictures are shown, in pixels of the screen. */
  get shownWidth() {
    return Math.max(0, ...[...this.#tiles.values()].map(({ shownWidth }) => shownWidth))
  }

  /** Draws a picture of the past. @param {string} topic @param {import('../stream/picture-stream.js').Picture} picture */
  draw(topic, picture) {
    const tile = this.#tiles.get(topic)
    if (tile) tile.draw(picture)
    else picture.bitmap.close()
  }

  /** Nothing is kept of these at the moment. @param {readonly string[]} topics */
  tellMissing(topics) {
    for (const [topic, tile] of this.#tiles) tile.isMissing = topics.includes(topic)
  }

  /** Shows these streams and how each is doing. @param {import('../../src/page/page-messages.ts').ReportMessage['streams']} streams */
  show(streams) {
    const topics = new Set(streams.map(({ topic }) => topic))
    const before = this.#tiles.size
    for (const [topic, tile] of this.#tiles) if (!topics.has(topic)) this.#remove(topic, tile)
    for (const one of streams) (this.#tiles.get(one.topic) ?? this.#add(one.topic)).tell(one)
    if (this.#tiles.size !== before) this.#arrange()
  }

  /** Puts the keyboard's focus on a stream. @param {string | undefined} topic */
  focus(topic) {
    this.#tiles.get(topic ?? '')?.element.focus()
  }

  /** Ends it. */
  close() {
    this.#sight.disconnect()
    this.#resizing.disconnect()
    this.#container.removeEventListener('keydown', this.#onKey)
    for (const [topic, tile] of this.#tiles) this.#remove(topic, tile)
    this.#container.hidden = true
  }

  /** @param {string} topic */
  #add(topic) {
    const { onReport, onLink, onChoose } = this.#listeners
    const onPicture = (/** @type {number} */ aspect) => {
      // The first picture tells the shape of all tiles.
      if (this.#container.dataset['shaped'] === undefined) {
        this.#container.dataset['shaped'] = ''
        this.#aspect = Math.min(Math.max(aspect, NARROWEST), WIDEST)
        this.#arrange()
      }
      this.#listeners.onPicture()
    }
    const tile = new GridTile(topic, { onPicture, onReport, onLink })
    tile.paused = this.#paused
    tile.isPast = this.#isPast
    tile.element.addEventListener('click', () => onChoose(topic))
    this.#tiles.set(topic, tile)
    this.#container.append(tile.element)
    this.#sight.observe(tile.element)
    return tile
  }

  /**
   * @param {string} topic
   * @param {GridTile} tile
   */
  #remove(topic, tile) {
    this.#tiles.delete(topic)
    this.#sight.unobserve(tile.element)
    tile.close()
    delete this.#container.dataset['shaped']
  }

  /** As large as all of them fit; where that is too small, or on an upright phone, it scrolls. */
  #arrange() {
    const { clientWidth, clientHeight } = this.#container
    const count = this.#tiles.size
    const widthOf = (/** @type {number} */ columns) => (clientWidth - GAP_PX * (columns + 1)) / columns
    let width = clientHeight > clientWidth ? widthOf(count > 4 ? 2 : 1) : LEAST_WIDTH_PX
    for (let columns = 1; columns <= count; columns++) {
      const rows = Math.ceil(count / columns)
      const height = (clientHeight - GAP_PX * (rows + 1)) / rows
      const fitting = Math.min(widthOf(columns), height * this.#aspect)
      // Of two that are about as large the wider arrangement looks better.
      if (fitting > width * 0.95) width = fitting
    }
    // A tile that is taller than the page could not be seen whole.
    const height = Math.min(width / this.#aspect, clientHeight - 2 * GAP_PX)
    this.#container.style.setProperty('--tile-width', `${Math.floor(width)}px`)
    this.#container.style.setProperty('--tile-height', `${Math.floor(height)}px`)
  }

  /** Arrows go to the next tile, or the one above or below. */
  #onKey = (/** @type {KeyboardEvent} */ event) => {
    const tiles = [...this.#tiles.values()].map(({ element }) => element)
    const [first] = tiles
    const at = tiles.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement))
    if (!first || at < 0 || event.ctrlKey || event.metaKey || event.altKey) return
    const columns = tiles.filter(({ offsetTop }) => offsetTop === first.offsetTop).length
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }
    const step = steps[/** @type {keyof typeof steps} */ (event.key)]
    if (step === undefined) return
    event.preventDefault()
    tiles[at + step]?.focus()
  }
}
