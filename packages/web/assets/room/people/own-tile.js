import { element, make, makeIcon } from '../../page/elements.js'

/** What the guest shows, among the cameras of the others; as the camera gives it, without its way to the room and back. */

const TURN = 'M5 8a5.5 5.5 0 0 1 9.6-1.6M15 4v3h-3M15 12a5.5 5.5 0 0 1-9.6 1.6M5 16v-3h3'

export class OwnTile {
  /** Called to take the other camera of a phone. @type {(facing: 'user' | 'environment') => void} */
  onTurn = () => {}
  #onChange
  #tile = make('li', 'tile own')
  #video = make('video')
  #facing = /** @type {'user' | 'environment'} */ ('user')

  /** @param {() => void} onChange Called when it comes or goes. */
  constructor(onChange) {
    this.#onChange = onChange
    this.#video.muted = true
    this.#video.autoplay = true
    this.#video.playsInline = true
    this.#tile.append(this.#video, make('span', 'tile-label', 'You'))
    // A computer's cameras are chosen in its browser.
    if (matchMedia('(pointer: coarse)').matches) this.#tile.append(this.#makeTurn())
  }

  /** @param {import('../share/sharing.js').SharingState} state */
  show({ stream, isMirrored }) {
    if (this.#video.srcObject === (stream ?? null)) return
    this.#video.srcObject = stream ?? null
    this.#video.classList.toggle('mirrored', isMirrored)
    if (stream) element('tiles').prepend(this.#tile)
    else this.#tile.remove()
    this.#onChange()
  }

  #makeTurn() {
    const button = make('button', 'turn')
    button.type = 'button'
    const icon = makeIcon(TURN)
    icon.classList.add('stroked')
    button.append(icon)
    button.setAttribute('aria-label', 'Other camera')
    button.addEventListener('click', () => {
      this.#facing = this.#facing === 'user' ? 'environment' : 'user'
      this.onTurn(this.#facing)
    })
    return button
  }
}
