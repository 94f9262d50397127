import { element, say } from '../../page/elements.js'
import { recallName } from '../session/remembered-guest.js'

/** A room that answers within this time needs no word. */
const PATIENCE_MS = 900
const UNREACHED_MS = 5000
const HINT = 'Everybody in the room sees your name.'

/** Asks for the guest's name. */
export class JoinForm {
  #name = /** @type {HTMLInputElement} */ (element('name'))
  #button = /** @type {HTMLButtonElement} */ (element('join-button'))
  /** @type {ReturnType<typeof setTimeout>[]} */
  #waiting = []

  /** @param {(name: string) => void} onJoin */
  constructor(onJoin) {
    this.#name.value = recallName()
    element('join-form').addEventListener('submit', (event) => {
      event.preventDefault()
      const name = this.#name.value.trim()
      if (name === '') {
        this.#refuse('Give a name first.')
        this.#name.focus()
      } else onJoin(name)
    })
  }

  /** Shows the form. @param {string} reason Why the guest was not let in; empty at first. */
  show(reason) {
    this.#tellWaiting([])
    this.#button.disabled = false
    this.#refuse(reason === '' ? '' : `Not let in: ${reason}.`)
    this.#name.focus()
    this.#name.select()
  }

  /** While the room answers. */
  wait() {
    this.#button.disabled = true
    this.#refuse('')
    this.#tellWaiting([
      [PATIENCE_MS, 'Connecting…'],
      [UNREACHED_MS, 'The room cannot be reached. It is tried again and again.'],
    ])
  }

  /** @param {[number, string][]} words When each is said. */
  #tellWaiting(words) {
    for (const timer of this.#waiting.splice(0)) clearTimeout(timer)
    const hint = element('join-hint')
    say(hint, HINT)
    this.#waiting = words.map(([afterMs, text]) => setTimeout(() => say(hint, text), afterMs))
  }

  /** @param {string} fault */
  #refuse(fault) {
    element('join-fault').textContent = fault
    if (fault === '') this.#name.removeAttribute('aria-invalid')
    else this.#name.setAttribute('aria-invalid', 'true')
  }
}
