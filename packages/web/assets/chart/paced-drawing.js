/** How long after a drawing of more than so many points comes the next: it takes time that the page's pictures need. */
const PAUSES_MS = [
  [5000, 500],
  [400, 250],
  [0, 100],
]

/** Waits until what was drawn is on the screen: the second frame begins after the first was shown. */
function onScreen() {
  return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
}

/** Draws again and again what changes, no faster than the screen shows it and the page can bear. */
export class PacedDrawing {
  #draw
  #canDraw
  #stale = false
  /** @type {Promise<void> | undefined} */
  #drawing

  /**
   * @param {() => number} draw Draws, and tells how many points that were.
   * @param {() => boolean} canDraw Whether it may; what changed meanwhile waits.
   */
  constructor(draw, canDraw) {
    this.#draw = draw
    this.#canDraw = canDraw
  }

  /** Draws what is there; while the last drawing is on its way to the screen, afterwards. */
  soon() {
    this.#stale = true
    if (this.#canDraw()) this.#drawing ??= this.#drawWhileStale()
    return this.#drawing
  }

  async #drawWhileStale() {
    while (this.#stale && this.#canDraw()) {
      this.#stale = false
      const count = this.#draw()
      const [, pauseMs] = PAUSES_MS.find(([least]) => count >= least) ?? []
      await Promise.all([new Promise((resolve) => setTimeout(resolve, pauseMs)), onScreen()])
    }
    this.#drawing = undefined
  }
}
