import { make, say } from '../../page/elements.js'
import { formatBytes } from '../page/amounts.js'

/**
 * A film on its way to the room, in the list of those: how much is there, and what can be done with it.
 *
 * @typedef {import('../upload/film-uploads.js').FilmUpload} FilmUpload
 * @typedef {import('../upload/film-uploads.js').FilmUploads} FilmUploads
 */

export class UploadRow {
  element = make('li', 'upload')
  #bar = make('progress')
  #text = make('p', 'upload-state')
  #turn
  /** @type {FilmUpload['state']} */
  #state = 'waiting'

  /** @param {FilmUpload} upload @param {FilmUploads} uploads */
  constructor({ id, name }, uploads) {
    const title = make('span', 'upload-name', name)
    title.dir = 'auto'
    this.#bar.max = 1
    this.#bar.setAttribute('aria-label', `How much of ${name} is there`)
    this.#turn = makeButton('Pause', () => {
      if (this.#state === 'paused') uploads.resume(id)
      else uploads.pause(id)
    })
    const remove = makeButton('×', () => uploads.remove(id))
    remove.setAttribute('aria-label', `Cancel ${name}`)
    remove.classList.add('cross')
    this.element.append(title, this.#turn, remove, this.#bar, this.#text)
  }

  /** @param {FilmUpload} upload */
  show(upload) {
    const { name, bytes, sentBytes, state } = upload
    this.#state = state
    this.element.dataset['state'] = state
    this.#bar.value = bytes > 0 ? sentBytes / bytes : 0
    const word = state === 'paused' ? 'Resume' : 'Pause'
    say(this.#turn, word)
    this.#turn.setAttribute('aria-label', `${word} ${name}`)
    this.#turn.hidden = !['waiting', 'sending', 'paused', 'lost'].includes(state)
    say(this.#text, tell(upload))
    // Only what needs somebody is read aloud.
    if (state === 'refused' || state === 'lost') this.#text.setAttribute('role', 'status')
    else this.#text.removeAttribute('role')
  }
}

/** @param {FilmUpload} upload */
function tell({ bytes, sentBytes, state, reason }) {
  const percent = Math.floor((100 * sentBytes) / Math.max(bytes, 1))
  const sent = `${percent} %, ${formatBytes(sentBytes)} of ${formatBytes(bytes)}`
  return {
    waiting: 'Waiting for its turn',
    sending: sent,
    paused: `Paused at ${sent}`,
    lost: `${reason || 'The connection was lost.'} It goes on by itself, from ${sent}.`,
    checking: 'The room looks whether it is a film',
    done: 'There',
    refused: reason,
  }[state]
}

/** @param {string} text @param {() => void} act */
function makeButton(text, act) {
  const button = make('button', '', text)
  button.type = 'button'
  button.addEventListener('click', act)
  return button
}
