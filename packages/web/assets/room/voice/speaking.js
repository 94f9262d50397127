import { element, make } from '../../page/elements.js'
import { announce } from '../page/notes.js'
import { makeFace } from '../page/face.js'

/**
 * Who speaks at the moment.
 *
 * @typedef {import('../../../../room/src/messages/room-messages.ts').VoiceClip} VoiceClip
 */
export class Speaking {
  #session
  #list = element('speakers')
  /** By the clip's id. @type {Map<string, { clip: VoiceClip, shown: HTMLElement }>} */
  #shown = new Map()

  /** @param {import('../session/room-session.js').RoomSession} session */
  constructor(session) {
    this.#session = session
    // A clip whose end was not told.
    setInterval(() => this.#forget(({ time, seconds }) => session.now > time + seconds + 2), 1000)
  }

  /** @param {import('../session/room-session.js').RoomMessage} message */
  take(message) {
    if (message.type === 'welcome') {
      this.#forget(() => true)
      for (const clip of message.voices) if (clip.time <= this.#session.now) this.#show(clip)
    }
    if (message.type === 'voice' && message.state === 'speaks') {
      this.#show(message.clip)
      if (message.clip.guest !== this.#session.you.id) announce(`${message.clip.name} speaks`)
    }
    if (message.type === 'voice' && message.state === 'ended')
      this.#forget(({ id }) => id === message.clip.id)
    if (message.type === 'guests') this.#mark()
  }

  /** @param {VoiceClip} clip */
  #show(clip) {
    if (this.#shown.has(clip.id)) return
    const shown = make('li')
    shown.append(makeFace(clip.name), make('span', '', `${clip.name} speaks`))
    this.#list.append(shown)
    this.#shown.set(clip.id, { clip, shown })
    this.#mark()
  }

  /** @param {(clip: VoiceClip) => boolean} isOver */
  #forget(isOver) {
    for (const [id, { clip, shown }] of this.#shown) {
      if (!isOver(clip)) continue
      shown.remove()
      this.#shown.delete(id)
    }
    this.#mark()
  }

  #mark() {
    this.#list.hidden = this.#shown.size === 0
    const ids = new Set([...this.#shown.values()].map(({ clip }) => clip.guest))
    for (const row of element('guests').children) {
      if (row instanceof HTMLElement) row.toggleAttribute('data-speaks', ids.has(row.dataset['guest'] ?? ''))
    }
  }
}
