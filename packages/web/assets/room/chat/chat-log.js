import { element } from '../../page/elements.js'
import { count } from '../page/amounts.js'
import { KeptPlace } from './kept-place.js'
import { LineList } from './line-list.js'
import { makeLineMenu } from './line-menu.js'

/**
 * What was said: the newest line is followed while it is in sight; further up the older ones come by themselves.
 *
 * @typedef {import('./chat-line.js').ChatLine} ChatLine
 * @typedef {import('../session/room-session.js').RoomSession} RoomSession
 */

/** Lines that a page keeps while it follows, and while somebody reads further up. */
const MAX_FOLLOWED = 400
const MAX_READ = 2000
/** So near to the oldest line the ones before it are asked for, in pixels. */
const NEAR_TOP = 300

export class ChatLog {
  #session
  #onUnread
  #log = element('log')
  #newLines = element('new-lines')
  #top = element('log-top')
  #place
  #lines
  #missed = 0
  #isAsking = false
  #hasBeginning = false

  /** @param {RoomSession} session @param {(line: ChatLine) => void} onUnread Called for each new line of somebody else. */
  constructor(session, onUnread) {
    this.#session = session
    this.#onUnread = onUnread
    this.#lines = new LineList(element('lines'), (line, made) => makeLineMenu(session, line, made))
    this.#place = new KeptPlace(this.#log, element('lines'), () => this.#showMissed(0))
    this.#log.addEventListener('scroll', () => this.#askOlder(), { passive: true })
    this.#log.addEventListener('keydown', (event) => this.#moveByKey(event))
    this.#newLines.addEventListener('click', () => {
      this.#log.focus({ preventScroll: true })
      this.#place.goToEnd()
    })
  }

  /** @param {import('../session/room-session.js').RoomMessage} message */
  take(message) {
    if (message.type === 'welcome') this.#catchUp(message.chat)
    if (message.type === 'chat') this.#append([message.line])
    if (message.type === 'history') this.#prepend(message.lines)
    // Asked too often: it is asked again when the person scrolls on.
    if (message.type === 'refused' && message.about === 'history') this.#isAsking = false
    if (message.type === 'removed') this.#remove(message.id, `Removed by ${message.by}`)
  }

  /** Shows the newest line. */
  goToEnd() {
    this.#place.goToEnd()
  }

  /** After the connection was lost: nothing is missing, and nothing is there twice. @param {readonly ChatLine[]} chat */
  #catchUp(chat) {
    this.#isAsking = false
    const first = chat[0]?.id ?? Number.POSITIVE_INFINITY
    const { newest } = this.#lines.range
    const isOther = (chat.at(-1)?.id ?? 0) < newest
    // More were missed than there are here, or it is another chat: its older lines come when they are looked for.
    if (isOther || first > newest + 1) this.#start(chat)
    const there = new Set(chat.map(({ id }) => id))
    for (const id of this.#lines.numbersFrom(first)) if (!there.has(id)) this.#remove(id, 'Removed')
    this.#append(chat)
    this.#showTop()
    this.#askOlder()
  }

  /** What is there at first is not read aloud. @param {readonly ChatLine[]} chat */
  #start(chat) {
    this.#hasBeginning = false
    this.#silently(() => {
      this.#lines.clear()
      this.#lines.add(chat)
    })
    this.#place.goToEnd()
  }

  /** Adds those that are not there yet. @param {readonly ChatLine[]} lines Oldest first. */
  #append(lines) {
    /** @type {ChatLine[]} */
    let added = []
    this.#place.keep(
      () => {
        added = this.#lines.add(lines)
        this.#lines.trim(this.#place.isAtEnd ? MAX_FOLLOWED : MAX_READ)
      },
      () => this.#lines.elements(),
    )
    if (added.length === 0) return
    if (this.#lines.size >= MAX_FOLLOWED) this.#hasBeginning = false
    const others = added.filter(({ guest }) => guest !== this.#session.you.id)
    if (others.length < added.length) this.#place.goToEnd()
    else if (!this.#place.isAtEnd) this.#showMissed(this.#missed + others.length)
    for (const line of others) this.#onUnread(line)
    this.#showTop()
  }

  /** @param {readonly ChatLine[]} lines */
  #prepend(lines) {
    this.#isAsking = false
    this.#hasBeginning = lines.length === 0
    this.#silently(() =>
      this.#place.keep(
        () => {
          this.#showTop()
          this.#lines.add(lines)
        },
        () => this.#lines.elements(),
      ),
    )
    this.#askOlder()
  }

  /** @param {number} id @param {string} text */
  #remove(id, text) {
    this.#place.keep(
      () => this.#lines.remove(id, text),
      () => this.#lines.elements(),
    )
  }

  #askOlder() {
    const { oldest } = this.#lines.range
    const isWanted = this.#log.scrollTop < NEAR_TOP && this.#lines.size > 0 && this.#lines.size < MAX_READ
    if (!isWanted || this.#hasBeginning || this.#isAsking || !this.#log.checkVisibility()) return
    this.#isAsking = this.#session.say({ type: 'history', before: oldest })
  }

  #showTop() {
    const isEmpty = this.#lines.size === 0
    const beginning = this.#hasBeginning ? 'This is where the chat began.' : ''
    this.#top.textContent = isEmpty ? 'Nobody has said anything yet. Say hello!' : beginning
  }

  /** @param {number} missed */
  #showMissed(missed) {
    this.#missed = missed
    this.#newLines.hidden = missed === 0
    this.#newLines.textContent = count(missed, 'new message')
  }

  /** @param {() => void} change */
  #silently(change) {
    this.#log.setAttribute('aria-live', 'off')
    change()
    setTimeout(() => this.#log.removeAttribute('aria-live'), 500)
  }

  /** Hosts go from line to line, to what can be done with each. @param {KeyboardEvent} event */
  #moveByKey(event) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key]
    if (step === undefined || !this.#session.you.isHost) return
    const buttons = [...this.#log.querySelectorAll('.line-more')]
    const at = buttons.indexOf(/** @type {Element} */ (document.activeElement))
    const next = buttons[at < 0 ? buttons.length - 1 : at + step]
    event.preventDefault()
    if (next instanceof HTMLElement) next.focus()
  }
}
