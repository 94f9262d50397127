import { element, say } from '../../page/elements.js'
import { joinNames } from '../page/amounts.js'

/** Who else is typing. */
export class TypingLine {
  #session
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #fading

  /** @param {import('../session/room-session.js').RoomSession} session */
  constructor(session) {
    this.#session = session
  }

  /** @param {import('../session/room-session.js').RoomMessage} message */
  take(message) {
    if (message.type === 'welcome') say(element('typing'), '')
    if (message.type === 'typing') this.#show(message.names)
  }

  /** @param {readonly string[]} names */
  #show(names) {
    clearTimeout(this.#fading)
    const others = names.filter((name) => name !== this.#session.you.name)
    const verb = others.length === 1 ? 'is' : 'are'
    say(element('typing'), others.length === 0 ? '' : `${joinNames(others)} ${verb} typing…`)
    // Where the word that they stopped is lost.
    this.#fading = setTimeout(() => say(element('typing'), ''), 10_000)
  }
}
