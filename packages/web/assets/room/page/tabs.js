import { element } from '../../page/elements.js'

/**
 * Which panel is beside, or below, what is on air. On a wide page the films have a place of their own.
 *
 * @typedef {'chat' | 'people' | 'films'} PanelName
 */

const NAMES = /** @type {const} */ (['chat', 'people', 'films'])
const isNarrow = matchMedia('(max-width: 899px), (max-height: 520px) and (min-aspect-ratio: 5 / 4)')

export class Tabs {
  #onChoose
  /** @type {PanelName} */
  #last = 'chat'

  /** @param {(name: PanelName) => void} onChoose */
  constructor(onChoose) {
    this.#onChoose = onChoose
    for (const name of NAMES) {
      const tab = element(`tab-${name}`)
      tab.addEventListener('click', () => this.choose(name))
      tab.addEventListener('keydown', (event) => this.#move(event, name))
    }
    // Where the panel is over the picture it can be put away.
    element('panel').addEventListener('click', () => {
      const isAway = document.body.dataset['panel'] === 'none'
      if (isAway) this.choose(this.#last)
      else document.body.dataset['panel'] = 'none'
      element('panel').setAttribute('aria-pressed', String(isAway))
    })
    isNarrow.addEventListener('change', () => this.#fit())
    this.#fit()
  }

  /** @returns {PanelName} */
  get chosen() {
    return /** @type {PanelName} */ (document.body.dataset['panel'])
  }

  /** @param {PanelName} name */
  choose(name) {
    this.#last = name
    element('panel').setAttribute('aria-pressed', 'true')
    document.body.dataset['panel'] = name
    for (const other of NAMES) {
      const tab = element(`tab-${other}`)
      tab.setAttribute('aria-selected', String(other === name))
      tab.tabIndex = other === name ? 0 : -1
    }
    this.#onChoose(name)
  }

  /** @param {KeyboardEvent} event @param {PanelName} name */
  #move(event, name) {
    const there = NAMES.filter((one) => element(`tab-${one}`).checkVisibility())
    const at = there.indexOf(name)
    /** @type {Record<string, number>} */
    const targets = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: there.length - 1 }
    const target = targets[event.key]
    const next = target === undefined ? undefined : there[(target + there.length) % there.length]
    if (next === undefined) return
    event.preventDefault()
    this.choose(next)
    element(`tab-${next}`).focus()
  }

  #fit() {
    const films = element('films')
    if (isNarrow.matches) films.setAttribute('role', 'tabpanel')
    else films.removeAttribute('role')
    if (!isNarrow.matches && !['chat', 'people'].includes(this.chosen)) this.choose('chat')
  }
}
