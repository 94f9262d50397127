/**
 * What plays the past, and what follows it.
 *
 * @typedef {object} Playback
 * @property {import('../history/play-clock.js').PlayClock} clock The moment that is shown.
 * @property {import('../history/picture-lag.js').PictureLag} lag
 * @property {() => { to: number, isGrowing: boolean }} kept What there is.
 */

/** Clocks that differ by more are different clocks. */
const SAME_CLOCK_SECONDS = 1

/**
 * When the sound of a stream of the past is due: with the pictures of its name, which are shown when they had come, and
 * have own times that agree with those of the sound; where it has none, at its own time, as the values of charts are.
 */
export class PastPlayout {
  /** How long after its own time its sound had come, in seconds, once that is known. @type {number | undefined} */
  transit
  #playback
  #pictures

  /** @param {Playback} playback @param {string} pictures The topic of the pictures of its name. */
  constructor(playback, pictures) {
    this.#playback = playback
    this.#pictures = pictures
  }

  get isReady() {
    return this.#playback.clock.isRunning
  }

  get speed() {
    return this.#playback.clock.speed
  }

  /** Its own time of what is due at a time of the page, in seconds since the Unix epoch. @param {number} pageMs */
  timeDueAt(pageMs) {
    const { clock, lag } = this.#playback
    return clock.timeAt(pageMs) - this.#shift - lag.seconds * clock.speed
  }

  /** Nothing has to come in time: it is there, or it is not. */
  arrived() {}

  get #shift() {
    const { transit } = this
    const ofPictures = this.#playback.lag.transitOf(this.#pictures)
    if (ofPictures !== undefined && Math.abs(ofPictures - (transit ?? ofPictures)) <= SAME_CLOCK_SECONDS)
      return ofPictures
    return transit !== undefined && Math.abs(transit) > SAME_CLOCK_SECONDS ? transit : 0
  }
}
