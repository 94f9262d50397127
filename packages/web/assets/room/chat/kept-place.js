/**
 * A list of lines that keeps its place: at its end it follows what comes, anywhere else nothing that is being read moves,
 * whatever is added or taken away.
 */

/** So near to the end counts as the end, in pixels. */
const NEAR = 12

export class KeptPlace {
  #scroller
  #onEnd
  #isAtEnd = true

  /** @param {HTMLElement} scroller @param {HTMLElement} content @param {() => void} onEnd Called when the end is reached. */
  constructor(scroller, content, onEnd) {
    this.#scroller = scroller
    this.#onEnd = onEnd
    scroller.addEventListener('scroll', () => this.#look(), { passive: true })
    const observer = new ResizeObserver(() => {
      if (this.#isAtEnd) this.#toEnd()
    })
    observer.observe(scroller)
    observer.observe(content)
  }

  /** Whether the newest line is in sight, and is followed. */
  get isAtEnd() {
    return this.#isAtEnd
  }

  /** Shows the end, and follows it. */
  goToEnd() {
    this.#isAtEnd = true
    this.#toEnd()
    this.#onEnd()
  }

  /** Changes the lines without moving what is being read. @param {() => void} change @param {() => Iterable<HTMLElement>} list The lines, oldest first. */
  keep(change, list) {
    const anchor = this.#isAtEnd ? undefined : this.#findFirstInSight(list())
    const before = anchor?.getBoundingClientRect().top ?? 0
    change()
    if (this.#isAtEnd) this.#toEnd()
    else if (anchor?.isConnected) this.#scroller.scrollTop += anchor.getBoundingClientRect().top - before
  }

  /** @param {Iterable<HTMLElement>} lines */
  #findFirstInSight(lines) {
    const { top } = this.#scroller.getBoundingClientRect()
    for (const line of lines) if (line.getBoundingClientRect().bottom > top) return line
    return undefined
  }

  #look() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller
    const isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR
    if (isAtEnd === this.#isAtEnd) return
    this.#isAtEnd = isAtEnd
    if (isAtEnd) this.#onEnd()
  }

  #toEnd() {
    this.#scroller.scrollTop = this.#scroller.scrollHeight
  }
}
