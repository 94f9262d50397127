import { PictureSender } from './picture-sender.js'
import { describeShareProblem, whyNotHere } from './share-problem.js'
import { SoundSender } from './sound-sender.js'

/**
 * What this page shares with the room: a camera or a screen, and a microphone. Nothing is sent while nobody watches or
 * listens.
 *
 * @typedef {import('../../../../room/src/messages/room-messages.ts').RoomMessage} RoomMessage
 * @typedef {import('../../../../room/src/messages/guest-messages.ts').GuestMessage} GuestMessage
 * @typedef {import('./share-problem.js').Shared} Shared
 *
 * @typedef {object} SharingState
 * @property {'camera' | 'screen' | null} camera
 * @property {boolean} microphone
 * @property {boolean} isWatched Whether anybody watches the camera or the screen.
 * @property {boolean} isHeard
 * @property {MediaStream | undefined} stream Of the camera or the screen, to show it here.
 * @property {boolean} isMirrored Whether people expect to see it mirrored: a camera that looks at them.
 * @property {Shared | undefined} asking What the browser asks the person for at the moment.
 *
 * @typedef {object} SharingOptions
 * @property {(message: GuestMessage) => boolean} say Says something to the room; false where that is not possible.
 * @property {() => string} key The guest's key at the moment.
 * @property {() => number} now The room's time, in seconds since the Unix epoch.
 * @property {(state: SharingState) => void} onChange Called whenever something changes.
 * @property {(problem: string, what: Shared) => void} onProblem Called with a sentence when something cannot be shared, or has ended.
 */

const CAMERA = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } }
const SCREEN = { width: { max: 1920 }, height: { max: 1200 }, frameRate: { ideal: 15, max: 30 } }
const MICROPHONE = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 }

export class Sharing {
  #options
  /** @type {'camera' | 'screen' | null} */
  #camera = null
  /** @type {MediaStream | undefined} */
  #pictures
  /** @type {MediaStream | undefined} */
  #sound
  /** @type {PictureSender | undefined} */
  #pictureSender
  /** @type {SoundSender | undefined} */
  #soundSender
  /** @type {Shared | undefined} */
  #asking

  /** @param {SharingOptions} options */
  constructor(options) {
    this.#options = options
  }

  /** @returns {SharingState} */
  get state() {
    const facing = this.#pictures?.getVideoTracks()[0]?.getSettings().facingMode
    return {
      camera: this.#camera,
      microphone: this.#sound !== undefined,
      isWatched: this.#pictureSender !== undefined,
      isHeard: this.#soundSender !== undefined,
      stream: this.#pictures,
      isMirrored: this.#camera === 'camera' && facing !== 'environment',
      asking: this.#asking,
    }
  }

  /**
   * Shares a camera in place of what is shared. To be called from a click.
   *
   * @param {'user' | 'environment'} [facing] On phones: the camera towards the person, or the other one.
   * @returns {Promise<boolean>} Whether it is shared.
   */
  shareCamera(facing) {
    const video = facing ? { ...CAMERA, facingMode: { ideal: facing } } : CAMERA
    return this.#sharePictures('camera', () => navigator.mediaDevices.getUserMedia({ video }))
  }

  /** Shares a screen, a window or a tab in place of what is shared. To be called from a click. */
  shareScreen() {
    return this.#sharePictures('screen', () =>
      navigator.mediaDevices.getDisplayMedia({ video: SCREEN, audio: false }),
    )
  }

  /** Shares the microphone. To be called from a click. @returns {Promise<boolean>} Whether it is shared. */
  async shareMicrophone() {
    const stream = await this.#ask('microphone', () =>
      navigator.mediaDevices.getUserMedia({ audio: MICROPHONE }),
    )
    if (!stream) return false
    this.stopMicrophone()
    this.#sound = stream
    this.#watch(stream, 'microphone', () => stream === this.#sound && this.stopMicrophone())
    this.#options.say({ type: 'share', microphone: true })
    this.#tell()
    return true
  }

  /** Ends sharing a camera or a screen. */
  stopCamera() {
    if (!this.#pictures) return
    this.#dropPictures()
    this.#say(null)
    this.#tell()
  }

  /** Ends sharing the microphone. */
  stopMicrophone() {
    if (!this.#sound) return
    stop(this.#sound)
    this.#sound = undefined
    this.#hear(false)
    this.#options.say({ type: 'share', microphone: false })
    this.#tell()
  }

  /** Ends everything, such as when the guest has to leave. */
  stop() {
    this.stopCamera()
    this.stopMicrophone()
  }

  /** Tells it what the room says. @param {RoomMessage} message */
  take(message) {
    if (message.type === 'welcome' && (this.#pictures ?? this.#sound)) {
      // The page was away: the room does not know any more what it shares.
      this.#show(false)
      this.#hear(false)
      this.#options.say({ type: 'share', camera: this.#camera, microphone: this.#sound !== undefined })
    }
    if (message.type === 'wanted') {
      this.#show(message.camera)
      this.#hear(message.microphone)
    }
    if (message.type === 'refused' && message.about === 'share') {
      this.stop()
      this.#options.onProblem(`The room refused it: ${message.reason}.`, 'camera')
    }
    if (message.type === 'goodbye') this.stop()
    else if (message.type === 'welcome' || message.type === 'wanted') this.#tell()
  }

  /** @param {'camera' | 'screen'} what @param {() => Promise<MediaStream>} open */
  async #sharePictures(what, open) {
    const isWatched = this.#pictureSender !== undefined
    // Phones open one camera at a time.
    const isSwitched = what === 'camera' && this.#camera === 'camera' && whyNotHere(what) === undefined
    if (isSwitched) this.#dropPictures()
    const stream = await this.#ask(what, open)
    if (!stream && isSwitched && !this.#pictures) this.#say(null)
    if (!stream) return false
    this.#dropPictures()
    this.#pictures = stream
    this.#watch(stream, what, () => stream === this.#pictures && this.stopCamera())
    this.#say(what)
    // Who watched the camera now watches the screen.
    this.#show(isWatched)
    this.#tell()
    return true
  }

  /** @param {Shared} what @param {() => Promise<MediaStream>} open */
  async #ask(what, open) {
    const reason = whyNotHere(what)
    if (reason !== undefined) this.#options.onProblem(reason, what)
    if (reason !== undefined || this.#asking) return undefined
    this.#asking = what
    this.#tell()
    try {
      return await open()
    } catch (error) {
      const problem = describeShareProblem(error, what)
      if (problem !== '') this.#options.onProblem(problem, what)
      return undefined
    } finally {
      this.#asking = undefined
      this.#tell()
    }
  }

  /** @param {MediaStream} stream @param {Shared} what @param {() => void} onEnd */
  #watch(stream, what, onEnd) {
    for (const track of stream.getTracks()) {
      track.addEventListener('ended', () => {
        onEnd()
        // A screen ends by the browser's own button.
        if (what !== 'screen')
          this.#options.onProblem(`The ${what} is gone: it was unplugged, or is used elsewhere.`, what)
      })
    }
  }

  /** @param {'camera' | 'screen' | null} camera */
  #say(camera) {
    this.#camera = camera
    this.#options.say({ type: 'share', camera })
  }

  #dropPictures() {
    this.#show(false)
    if (this.#pictures) stop(this.#pictures)
    this.#pictures = undefined
  }

  /** @param {boolean} isWanted */
  #show(isWanted) {
    if (isWanted && this.#pictures)
      this.#pictureSender ??= new PictureSender(this.#pictures, {
        ...this.#options,
        onUnreachable: this.#unreachable(this.#camera ?? 'camera'),
      })
    else {
      this.#pictureSender?.close()
      this.#pictureSender = undefined
    }
  }

  /** @param {boolean} isWanted */
  #hear(isWanted) {
    if (isWanted && this.#sound)
      this.#soundSender ??= new SoundSender(this.#sound, {
        ...this.#options,
        onUnreachable: this.#unreachable('microphone'),
        onTrouble: (problem) => this.#options.onProblem(problem, 'microphone'),
      })
    else {
      this.#soundSender?.close()
      this.#soundSender = undefined
    }
  }

  /** @param {Shared} what */
  #unreachable(what) {
    const problem = `Nobody gets your ${what}: the network here lets no WebSocket through. Try another network.`
    return () => this.#options.onProblem(problem, what)
  }

  #tell() {
    this.#options.onChange(this.state)
  }
}

/** @param {MediaStream} stream */
function stop(stream) {
  for (const track of stream.getTracks()) track.stop()
}
