import { element, say } from '../../page/elements.js'

/** How many lines of others nobody here has seen: in the title of a hidden page, and on the tab of the chat. */
export class UnreadCount {
  #title = document.title
  #isShown
  #count = 0

  /** @param {() => boolean} isShown Whether the chat is the panel that is shown. */
  constructor(isShown) {
    this.#isShown = isShown
    document.addEventListener('visibilitychange', () => this.look())
  }

  /** Another line has come. */
  add() {
    this.#count += 1
    this.look()
  }

  /** Shows the count, or forgets it where the chat is seen. */
  look() {
    if (!document.hidden && this.#isShown()) this.#count = 0
    const many = this.#count > 99 ? '99+' : String(this.#count)
    document.title = this.#count > 0 ? `(${many}) ${this.#title}` : this.#title
    const badge = element('unread')
    badge.hidden = this.#count === 0
    say(badge, this.#count > 0 ? many : '')
  }
}
