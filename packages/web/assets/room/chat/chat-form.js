import { element } from '../../page/elements.js'

/**
 * Where the guest writes. What was sent is shown at once, and stays until the room has it; what the room refuses is back
 * in the field.
 *
 * @typedef {import('../session/room-session.js').RoomSession} RoomSession
 * @typedef {import('./chat-line.js').ChatLine} ChatLine
 */

/** The room is told that somebody types at most this often. */
const TYPING_INTERVAL_MS = 2500
/** From here on the characters that are left are shown. */
const FEW_LEFT = 80
/** Sent before the first of them has arrived. */
const MAX_WAITING = 20

export class ChatForm {
  #session
  #onSent
  #field = /** @type {HTMLTextAreaElement} */ (element('message'))
  #pending = element('pending')
  /** What was sent, oldest first; only the first is on its way. @type {{ text: string, shown: HTMLElement }[]} */
  #waiting = []
  #isOnTheWay = false
  #typedAtMs = Number.NEGATIVE_INFINITY
  /** The number of the newest line of one's own. */
  #newestOwn = 0

  /** @param {RoomSession} session @param {() => void} onSent */
  constructor(session, onSent) {
    this.#session = session
    this.#onSent = onSent
    element('chat-form').addEventListener('submit', (event) => {
      event.preventDefault()
      this.#submit()
    })
    this.#field.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
      event.preventDefault()
      this.#submit()
    })
    this.#field.addEventListener('input', () => {
      this.#fit()
      this.#tellTyping()
    })
  }

  /** @param {import('../session/room-session.js').RoomMessage} message */
  take(message) {
    if (message.type === 'welcome') this.#catchUp(message.chat)
    if (message.type === 'chat' && this.#isOwn(message.line)) this.#arrived(message.line)
    if (message.type === 'refused' && message.about === 'say') this.#refused(message.reason)
  }

  #submit() {
    const text = this.#field.value.trim()
    const tooMany = Array.from(text).length - this.#session.rules.maxCharacters
    if (text === '') return
    if (tooMany > 0)
      return this.#fault(`This is ${tooMany} too long: at most ${this.#session.rules.maxCharacters}.`)
    if (this.#waiting.length >= MAX_WAITING) return this.#fault('Wait until what you sent has arrived.')
    const shown = document.createElement('li')
    shown.className = 'line'
    const words = document.createElement('p')
    words.className = 'line-text'
    words.dir = 'auto'
    words.textContent = text
    shown.append(words)
    this.#pending.append(shown)
    this.#waiting.push({ text, shown })
    this.#field.value = ''
    this.#fault('')
    this.#fit()
    this.#typedAtMs = Number.NEGATIVE_INFINITY
    this.#onSent()
    this.#sendFirst()
  }

  #sendFirst() {
    const [first] = this.#waiting
    if (!first || this.#isOnTheWay) return
    this.#isOnTheWay = this.#session.say({ type: 'say', text: first.text })
  }

  /** @param {ChatLine} line */
  #isOwn({ guest, name }) {
    const { you } = this.#session
    return guest !== '' && (guest === you.id || name === you.name)
  }

  /** @param {ChatLine} line */
  #arrived({ id, text }) {
    this.#newestOwn = Math.max(this.#newestOwn, id)
    const [first] = this.#waiting
    if (!first || !isSame(first.text, text)) return
    this.#takeFirst()
    this.#sendFirst()
  }

  /** Back in the field, before what has been written since. @param {string} reason */
  #refused(reason) {
    const kept = this.#waiting.map(({ text }) => text)
    while (this.#waiting.length > 0) this.#takeFirst()
    this.#field.value = [...kept, this.#field.value].filter((text) => text !== '').join('\n')
    this.#fit()
    this.#fault(`Not sent: ${reason}.`)
    this.#field.focus()
  }

  /** The connection was lost: what was on its way has arrived, or is sent again. @param {readonly ChatLine[]} chat */
  #catchUp(chat) {
    const wasOnTheWay = this.#isOnTheWay
    this.#isOnTheWay = false
    for (const line of chat) {
      if (!this.#isOwn(line)) continue
      if (wasOnTheWay && line.id > this.#newestOwn) this.#arrived(line)
      this.#newestOwn = Math.max(this.#newestOwn, line.id)
    }
    this.#sendFirst()
  }

  #takeFirst() {
    this.#isOnTheWay = false
    this.#waiting.shift()?.shown.remove()
  }

  /** @param {string} fault */
  #fault(fault) {
    element('chat-fault').textContent = fault
    if (fault === '') this.#field.removeAttribute('aria-invalid')
    else this.#field.setAttribute('aria-invalid', 'true')
  }

  #fit() {
    const { style } = this.#field
    style.height = ''
    const { scrollHeight, offsetHeight, clientHeight } = this.#field
    if (scrollHeight > clientHeight) style.height = `${scrollHeight + offsetHeight - clientHeight}px`
    const left = this.#session.rules.maxCharacters - Array.from(this.#field.value.trim()).length
    element('left').textContent = left <= FEW_LEFT ? `${left} left` : ''
    if (left >= 0 && this.#field.hasAttribute('aria-invalid')) this.#fault('')
  }

  #tellTyping() {
    const nowMs = performance.now()
    if (this.#field.value.trim() === '' || nowMs - this.#typedAtMs < TYPING_INTERVAL_MS) return
    this.#typedAtMs = nowMs
    this.#session.say({ type: 'typing' })
  }
}

/** The room may have cleaned a text. @param {string} sent @param {string} told */
function isSame(sent, told) {
  return plain(sent) === plain(told)
}

/** @param {string} text */
function plain(text) {
  return text.normalize('NFC').replaceAll(/[\p{Cc}\p{Cf}\p{Z}]/gu, '')
}
