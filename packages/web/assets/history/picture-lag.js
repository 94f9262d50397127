/** Pictures that are looked at: the middle one counts. */
const MOST_PICTURES = 9
/** A picture that is later than this says nothing of the next. */
const MOST_LAG_SECONDS = 2

/**
 * How much later than the moment pictures of the past are on the page, and how long they had been on their way when they
 * were recorded: sound has to do as they do, to be in step with them.
 */
export class PictureLag {
  /** How late the newest one was, however late. */
  newest = 0
  /** @type {number[]} */
  #lags = []
  /** By topic. @type {Map<string, number[]>} */
  #transits = new Map()

  /** How much later they are on the page, in seconds, whatever the speed. */
  get seconds() {
    return median(this.#lags) ?? 0
  }

  /**
   * How long after its own time a picture of a stream had come, in seconds; `undefined` when none was shown.
   *
   * @param {string} topic
   */
  transitOf(topic) {
    return median(this.#transits.get(topic) ?? [])
  }

  /**
   * Notes a picture that is drawn.
   *
   * @param {{ topic: string, time: number, recordedAt: number }} picture
   * @param {{ time: number, speed: number } | undefined} moment While time goes on, and the picture became due meanwhile.
   */
  note({ topic, time, recordedAt }, moment) {
    const transits = this.#transits.get(topic) ?? []
    this.#transits.set(topic, keep(transits, recordedAt - time))
    if (!moment) return
    const lag = (moment.time - recordedAt) / moment.speed
    this.newest = Math.max(lag, 0)
    if (lag <= MOST_LAG_SECONDS) keep(this.#lags, Math.max(lag, 0))
  }
}

/** @param {number[]} values @param {number} value */
function keep(values, value) {
  values.push(value)
  if (values.length > MOST_PICTURES) values.shift()
  return values
}

/** @param {readonly number[]} values */
function median(values) {
  return values.toSorted((one, other) => one - other)[values.length >> 1]
}
