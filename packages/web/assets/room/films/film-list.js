import { addressOf } from '../../page/address.js'
import { element, make, say } from '../../page/elements.js'
import { count, formatBytes, formatLength, sayLength } from '../page/amounts.js'
import { hueOf } from '../page/face.js'

/**
 * The films of the room, each with its poster, length and size, and the way to put it on air.
 *
 * @typedef {import('../session/room-session.js').RoomSession} RoomSession
 * @typedef {import('../../../../room/src/messages/room-messages.ts').Film} Film
 */

export class FilmList {
  #session
  #list = element('film-list')
  /** By the film's id. @type {Map<string, HTMLElement>} */
  #cards = new Map()
  /** @type {string | undefined} */
  #onAir

  /** @param {RoomSession} session */
  constructor(session) {
    this.#session = session
  }

  /** @param {import('../session/room-session.js').RoomMessage} message */
  take(message) {
    if (message.type === 'welcome' || message.type === 'films') this.#show(message.films)
    if (message.type === 'welcome' || message.type === 'screen') this.#onAir = message.screen.film
    for (const [id, card] of this.#cards) this.#mark(id, card)
  }

  /** @param {readonly Film[]} films */
  #show(films) {
    const ids = new Set(films.map(({ id }) => id))
    for (const [id, card] of this.#cards) {
      if (ids.has(id)) continue
      card.remove()
      this.#cards.delete(id)
    }
    for (const [index, film] of films.entries()) {
      const state = JSON.stringify(film)
      const shown = this.#cards.get(film.id)
      const card = shown?.dataset['state'] === state ? shown : this.#makeCard(film, state)
      if (shown && card !== shown) shown.replaceWith(card)
      this.#cards.set(film.id, card)
      const there = this.#list.children[index]
      if (there !== card) this.#list.insertBefore(card, there ?? null)
    }
    say(element('films-count'), films.length === 0 ? '' : count(films.length, 'film'))
  }

  /** @param {Film} film @param {string} state */
  #makeCard(film, state) {
    const card = make('li', 'film')
    card.dataset['state'] = state
    card.setAttribute('aria-label', film.name)
    const title = make('h3', '', film.name)
    title.dir = 'auto'
    title.title = film.name
    const button = make('button', 'plain put')
    button.type = 'button'
    button.setAttribute('aria-description', film.name)
    button.addEventListener('click', () => {
      this.#session.say({ type: 'air', film: film.id })
      // What one has put there is to be seen.
      element('watch').scrollTo({ top: 0 })
    })
    card.append(makePoster(film), title, make('p', '', tellFilm(film)), button)
    say(button, 'Put on air')
    return card
  }

  /** @param {string} id @param {HTMLElement} card */
  #mark(id, card) {
    const isOnAir = id === this.#onAir
    card.toggleAttribute('data-on-air', isOnAir)
    const flag = card.querySelector('.flag')
    if (flag instanceof HTMLElement) flag.hidden = !isOnAir
    const button = card.querySelector('button')
    if (button) button.disabled = !this.#session.mayDirect
  }
}

/** @param {Film} film */
function makePoster({ id, name, seconds, isLive }) {
  const poster = make('div', 'poster')
  poster.style.setProperty('--hue', String(hueOf(name)))
  const image = make('img')
  image.alt = ''
  image.loading = 'lazy'
  image.decoding = 'async'
  image.addEventListener('error', () => image.remove())
  if (!isLive) image.src = addressOf(`poster/${encodeURIComponent(id)}`).href
  const length = make('span', 'length', isLive ? 'Live' : formatLength(seconds))
  if (!isLive) {
    length.setAttribute('aria-label', sayLength(seconds))
    length.setAttribute('role', 'img')
  }
  // Some files do not say how long they are.
  length.hidden = !isLive && seconds === 0
  const flag = make('span', 'flag', 'On air')
  flag.hidden = true
  poster.append(image, length, flag)
  return poster
}

/** @param {Film} film */
function tellFilm({ bytes, width, height, hasSound, isLive, by }) {
  if (isLive) return 'a live stream'
  const size = height > 0 ? `${width} × ${height}` : ''
  const parts = [formatBytes(bytes), size, hasSound ? '' : 'no sound', by === undefined ? '' : `by ${by}`]
  return parts.filter((part) => part !== '').join(' · ')
}
