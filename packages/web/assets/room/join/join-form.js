import { element } from '../../page/elements.js'
import { recallName } from '../session/remembered-guest.js'

/** Asks for the guest's name. */
export class JoinForm {
  #name = /** @type {HTMLInputElement} */ (element('name'))
  #button = /** @type {HTMLButtonElement} */ (element('join-button'))

  /** @param {(name: string) => void} onJoin */
  constructor(onJoin) {
    this.#name.value = recallName()
    element('join-form').addEventListener('submit', (event) => {
      event.preventDefault()
      const name = this.#name.value.trim()
      if (name === '') this.#refuse('Give a name first.')
      else onJoin(name)
    })
  }

  /** Shows the form. @param {string} reason Why the guest was not let in; empty at first. */
  show(reason) {
    this.#button.disabled = false
    this.#refuse(reason === '' ? '' : `Not let in: ${reason}.`)
    this.#name.select()
  }

  /** While the room answers. */
  wait() {
    this.#button.disabled = true
    this.#refuse('')
  }

  /** @param {string} fault */
  #refuse(fault) {
    element('join-fault').textContent = fault
    if (fault === '') this.#name.removeAttribute('aria-invalid')
    else this.#name.setAttribute('aria-invalid', 'true')
    this.#name.focus()
  }
}
