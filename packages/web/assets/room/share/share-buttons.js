import { element } from '../../page/elements.js'
import { showNote } from '../page/notes.js'
import { whyNotAsked, whyRefused } from './why-not.js'

/**
 * The buttons that share the guest's camera, screen and microphone. Of camera and screen there is one at a time.
 *
 * @typedef {import('./why-not.js').Device} Device
 * @typedef {import('../session/room-session.js').RoomSession} RoomSession
 */

export class ShareButtons {
  #session
  #onPictures
  /** What is shared. @type {Map<Device, MediaStream>} */
  #shared = new Map()
  /** What the browser is being asked for. @type {Set<Device>} */
  #asking = new Set()

  /** @param {RoomSession} session @param {(stream: MediaStream | undefined, isMirrored: boolean) => void} onPictures */
  constructor(session, onPictures) {
    this.#session = session
    this.#onPictures = onPictures
    for (const device of /** @type {const} */ (['camera', 'microphone', 'screen'])) {
      element(`share-${device}`).addEventListener('click', () => void this.#toggle(device))
    }
    // A phone has no way to give its screen away.
    element('share-screen').hidden = window.isSecureContext && whyNotAsked('screen') !== ''
  }

  /** @param {import('../session/room-session.js').RoomMessage} message */
  take(message) {
    if (message.type === 'welcome' && this.#shared.size > 0) this.#tell()
    if (message.type === 'refused' && message.about === 'share')
      for (const device of this.#shared.keys()) this.#stop(device)
  }

  /** @param {Device} device */
  async #toggle(device) {
    if (this.#shared.has(device)) {
      this.#stop(device)
      this.#tell()
      return
    }
    const reason = whyNotAsked(device)
    if (reason !== '') return showNote(reason)
    if (this.#asking.has(device)) return
    this.#asking.add(device)
    try {
      this.#start(device, await ask(device))
    } catch (error) {
      const isCancelled =
        device === 'screen' && error instanceof DOMException && error.name === 'NotAllowedError'
      if (!isCancelled) showNote(whyRefused(error, device))
    } finally {
      this.#asking.delete(device)
    }
  }

  /** @param {Device} device @param {MediaStream} stream */
  #start(device, stream) {
    if (device === 'camera') this.#stop('screen')
    if (device === 'screen') this.#stop('camera')
    this.#shared.set(device, stream)
    for (const track of stream.getTracks()) {
      // The browser has a button of its own that ends it, and a camera can be pulled out.
      track.addEventListener('ended', () => {
        if (this.#shared.get(device) !== stream) return
        this.#stop(device)
        this.#tell()
      })
    }
    element(`share-${device}`).setAttribute('aria-pressed', 'true')
    if (device !== 'microphone') this.#onPictures(stream, device === 'camera')
    this.#tell()
  }

  /** @param {Device} device */
  #stop(device) {
    const stream = this.#shared.get(device)
    if (!stream) return
    this.#shared.delete(device)
    for (const track of stream.getTracks()) track.stop()
    element(`share-${device}`).setAttribute('aria-pressed', 'false')
    if (device !== 'microphone') this.#onPictures(undefined, false)
  }

  #tell() {
    const camera = this.#shared.has('camera') ? 'camera' : this.#shared.has('screen') ? 'screen' : null
    this.#session.say({ type: 'share', camera, microphone: this.#shared.has('microphone') })
  }
}

/** @param {Device} device */
function ask(device) {
  const { mediaDevices } = navigator
  if (device === 'screen') return mediaDevices.getDisplayMedia({ video: { frameRate: { ideal: 15 } } })
  if (device === 'microphone') return mediaDevices.getUserMedia({ audio: { echoCancellation: true } })
  return mediaDevices.getUserMedia({
    video: { width: { ideal: 1280 }, height: { ideal: 720 }, facingMode: 'user' },
  })
}
