import { element, make, say } from '../../page/elements.js'
import { listGuestChoices } from './guest-actions.js'
import { count } from '../page/amounts.js'
import { makeFace, makeName } from '../page/face.js'
import { makeMenuButton } from '../page/menu.js'

/**
 * Who is here, and what hosts can do with them.
 *
 * @typedef {import('../session/room-session.js').RoomSession} RoomSession
 * @typedef {import('../session/room-session.js').GuestView} GuestView
 */

/** Seconds between two messages of one guest, and how that is called. @type {Record<string, string>} */
const PACES = { 0: 'none', 5: '5 seconds', 10: '10 seconds', 30: '30 seconds', 60: '1 minute' }

export class PeopleList {
  #session
  #list = element('guests')
  #slow = /** @type {HTMLSelectElement} */ (element('slow'))

  /** @param {RoomSession} session */
  constructor(session) {
    this.#session = session
    for (const [seconds, name] of Object.entries(PACES)) this.#slow.append(new Option(name, seconds))
    this.#slow.addEventListener('change', () =>
      session.say({ type: 'slow', seconds: Number(this.#slow.value) }),
    )
  }

  /** @param {import('../session/room-session.js').RoomMessage} message */
  take(message) {
    if (['welcome', 'guests', 'rules'].includes(message.type)) this.#show()
    if (message.type === 'welcome' || message.type === 'rules') this.#showRules()
  }

  #show() {
    const { guests, you, mayDirect } = this.#session
    const shown = /** @type {HTMLElement[]} */ ([...this.#list.children])
    const rows = guests.map((guest) => {
      const state = JSON.stringify([guest, you.id, you.isHost, mayDirect])
      return shown.find(({ dataset }) => dataset['state'] === state) ?? this.#makeRow(guest, state)
    })
    for (const old of shown) if (!rows.includes(old)) old.remove()
    for (const [index, row] of rows.entries()) {
      if (this.#list.children[index] !== row) this.#list.insertBefore(row, this.#list.children[index] ?? null)
    }
    say(element('count'), String(guests.length))
    say(element('here'), `${guests.length} here`)
    element('here').title = count(guests.length, 'guest')
    document.body.toggleAttribute('data-host', you.isHost)
    const self = element('self')
    if (self.dataset['name'] === you.name) return
    self.dataset['name'] = you.name
    self.replaceChildren(makeFace(you.name), make('span', '', you.name))
  }

  /** @param {GuestView} guest @param {string} state */
  #makeRow(guest, state) {
    const row = make('li', 'guest')
    row.dataset['state'] = state
    row.dataset['guest'] = guest.id
    const name = make('div', 'guest-name')
    name.append(makeName(guest.name))
    const notes = this.#tell(guest)
    if (notes !== '') name.append(make('span', 'guest-note', notes))
    row.append(makeFace(guest.name), name)
    if (listGuestChoices(this.#session, guest.id).length > 0) {
      row.append(makeMenuButton(`Actions: ${guest.name}`, () => listGuestChoices(this.#session, guest.id)))
    }
    return row
  }

  /** @param {GuestView} guest */
  #tell(guest) {
    const notes = [
      guest.id === this.#session.you.id && 'you',
      guest.isHost && 'host',
      guest.isMuted && 'muted',
      guest.camera && (guest.isScreen ? 'shows a screen' : 'shows a camera'),
      guest.microphone && 'microphone on',
      guest.isTerminal && 'in a terminal',
    ]
    return notes.filter(Boolean).join(' · ')
  }

  #showRules() {
    const { slowSeconds } = this.#session.rules
    element('rules').hidden = !this.#session.you.isHost
    const value = String(slowSeconds)
    if (![...this.#slow.options].some((option) => option.value === value)) {
      this.#slow.append(new Option(`${value} seconds`, value))
    }
    this.#slow.value = value
  }
}
