import { ServerClock } from './server-clock.js'
import { Speakers } from './speakers.js'

const VOLUME_KEY = 'zcast-volume'
const USUAL_VOLUME = 0.8

/** What all streams of a page share: the server's clock, the speakers, and how loud it is. */
export class PageSound {
  clock = new ServerClock()
  #volume = readVolume()
  /** @type {Speakers | undefined} */
  #speakers

  /** 0 to 1, kept for the next visit. */
  get volume() {
    return this.#volume
  }

  set volume(volume) {
    this.#volume = volume
    try {
      localStorage.setItem(VOLUME_KEY, String(volume))
    } catch {
      // Pages in frames may not be allowed to keep anything.
    }
  }

  /**
   * The speakers, awake; to be called in answer to a click or key.
   *
   * @throws Where the browser has no sound.
   */
  wake() {
    this.#speakers ??= new Speakers()
    void this.#speakers.wake()
    return this.#speakers
  }
}

function readVolume() {
  try {
    const kept = Number.parseFloat(localStorage.getItem(VOLUME_KEY) ?? '')
    return kept >= 0 && kept <= 1 ? kept : USUAL_VOLUME
  } catch {
    return USUAL_VOLUME
  }
}
