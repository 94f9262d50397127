import { element, make } from '../../page/elements.js'

/** Who may not come in, for hosts, and the way to let them in again. */
export class BanList {
  #session

  /** @param {import('../session/room-session.js').RoomSession} session */
  constructor(session) {
    this.#session = session
  }

  /** @param {import('../session/room-session.js').RoomMessage} message */
  take(message) {
    if (message.type === 'welcome') {
      this.#show([])
      if (message.you.isHost) this.#session.say({ type: 'bans' })
    }
    if (message.type === 'bans') this.#show(message.bans)
  }

  /** @param {readonly import('../../../../room/src/messages/room-messages.ts').BannedGuest[]} bans */
  #show(bans) {
    element('bans').hidden = bans.length === 0
    element('ban-list').replaceChildren(
      ...bans.map(({ guest, name }) => {
        const row = make('li')
        const button = make('button', 'plain', 'Let in again')
        button.type = 'button'
        button.setAttribute('aria-description', name)
        button.addEventListener('click', () => void this.#session.say({ type: 'unban', guest }))
        row.append(make('span', '', name), button)
        return row
      }),
    )
  }
}
