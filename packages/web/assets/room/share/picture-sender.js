import { CaptureSocket } from './capture-socket.js'
import { PictureMaker } from './picture-maker.js'
import { PictureQuality } from './picture-quality.js'

/** Pictures a second at most. */
const TICK_MS = 1000 / 30
/** On a quick way one may be on it while the next one is made; on a slow one they would only wait for each other. */
const MAX_ON_THE_WAY = 2

/** Sends the pictures of a camera or a screen: the newest one whenever the way to the room has room for it. */
export class PictureSender {
  #now
  #maker
  #socket
  #quality = new PictureQuality()
  /** When each picture on the way was sent, by the page's clock. @type {number[]} */
  #sentAt = []
  #isMaking = false
  #isDue = false

  /**
   * @param {MediaStream} stream
   * @param {{ key: () => string, now: () => number, onUnreachable: () => void }} guest The guest's key, the room's time in
   *   seconds, and what is called when the network lets nothing through.
   */
  constructor(stream, { key, now, onUnreachable }) {
    this.#now = now
    this.#maker = new PictureMaker(stream, TICK_MS, () => {
      this.#isDue = true
      void this.#send()
    })
    this.#socket = new CaptureSocket({
      path: 'camera',
      key,
      onUnreachable,
      onReady: () => {
        if (this.#socket.onTheWay === 0) this.#sentAt = []
        void this.#send()
      },
      onTaken: (count) => {
        for (const at of this.#sentAt.splice(0, count)) this.#quality.learn((performance.now() - at) / 1000)
      },
    })
  }

  close() {
    this.#socket.close()
    this.#maker.close()
  }

  async #send() {
    if (!this.#isDue || this.#isMaking || !this.#socket.isReady || this.#socket.onTheWay >= MAX_ON_THE_WAY)
      return
    this.#isDue = false
    this.#isMaking = true
    try {
      const time = this.#now()
      const picture = await this.#maker.make(this.#quality.now)
      if (!picture || !this.#socket.isReady) return
      this.#sentAt.push(performance.now())
      this.#socket.send(time, picture)
    } catch {
      // A picture that could not be made: the next one may.
    } finally {
      this.#isMaking = false
    }
  }
}
