import { element, make } from '../../page/elements.js'
import { makeFace } from '../page/face.js'
import { watchSight } from '../../page/sight.js'
import { PictureCanvas } from '../../stream/picture-canvas.js'
import { PictureStream } from '../../stream/picture-stream.js'

/**
 * Guests' cameras and screens, side by side: only those in sight are sent. A press makes one large, here alone.
 *
 * @typedef {import('../session/room-session.js').RoomSession} RoomSession
 *
 * @typedef {object} Tile
 * @property {HTMLElement} element
 * @property {HTMLButtonElement} button
 * @property {PictureStream | undefined} stream
 */

export class CameraTiles {
  #session
  #onEnlarge
  #list = element('tiles')
  /** By the topic of the camera. @type {Map<string, Tile>} */
  #tiles = new Map()
  /** @type {string | undefined} */
  #enlarged

  /** @param {RoomSession} session @param {(camera: { topic: string, name: string } | undefined) => void} onEnlarge */
  constructor(session, onEnlarge) {
    this.#session = session
    this.#onEnlarge = onEnlarge
  }

  /** @param {import('../session/room-session.js').RoomMessage} message */
  take(message) {
    if (message.type === 'welcome' || message.type === 'guests') this.#show()
  }

  #show() {
    const others = this.#session.guests.filter(({ id, camera }) => camera && id !== this.#session.you.id)
    const topics = new Set(others.map(({ camera }) => `video/${camera}`))
    for (const [topic, { element: tile, stream }] of this.#tiles) {
      if (topics.has(topic)) continue
      stream?.close()
      tile.remove()
      this.#tiles.delete(topic)
      if (this.#enlarged === topic) this.#enlarge(undefined)
    }
    for (const { name, camera } of others) {
      if (!this.#tiles.has(`video/${camera}`)) this.#open(`video/${camera}`, name)
    }
    this.showPlace()
  }

  /** Shows the place for cameras where there is one. */
  showPlace() {
    element('cameras').hidden = this.#list.children.length === 0
  }

  /** @param {string} topic @param {string} name */
  #open(topic, name) {
    const element = make('li', 'tile')
    const frame = make('div', 'frame')
    const picture = new PictureCanvas()
    picture.element.setAttribute('aria-hidden', 'true')
    // Until there is a picture, and behind one that does not fill its place.
    frame.append(makeFace(name), picture.element)
    const button = make('button')
    button.type = 'button'
    button.setAttribute('aria-label', `Enlarge ${name}`)
    button.setAttribute('aria-pressed', 'false')
    button.addEventListener('click', () => {
      this.#enlarge(this.#enlarged === topic ? undefined : { topic, name })
    })
    element.append(frame, button, make('span', 'tile-label', name))
    this.#list.append(element)
    /** @type {Tile} */
    const tile = { element, button, stream: undefined }
    this.#tiles.set(topic, tile)
    watchSight(element, (isInSight) => {
      if (this.#tiles.get(topic) !== tile) return
      tile.stream?.close()
      tile.stream = isInSight ? openStream(topic, picture, this.#session.clock) : undefined
    })
  }

  /** @param {{ topic: string, name: string } | undefined} camera */
  #enlarge(camera) {
    this.#enlarged = camera?.topic
    for (const [topic, { button }] of this.#tiles) {
      button.setAttribute('aria-pressed', String(topic === this.#enlarged))
    }
    this.#onEnlarge(camera)
  }
}

/** @param {string} topic @param {PictureCanvas} canvas @param {import('../../sound/server-clock.js').ServerClock} clock */
function openStream(topic, canvas, clock) {
  const listeners = {
    onPicture: (/** @type {import('../../stream/picture-stream.js').Picture} */ picture) => {
      canvas.draw(picture)
    },
    onReport: () => {},
    onLink: () => {},
  }
  return new PictureStream(topic, listeners, clock)
}
