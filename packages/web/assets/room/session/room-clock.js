/** How the room's clock is read here: by the answers to questions for its time, of which the fastest tells it best. */
export class RoomClock {
  /** Seconds to add to this page's own clock. */
  #offset = Date.now() / 1000 - performance.now() / 1000
  #tripMs = Number.POSITIVE_INFINITY

  /** The room's time now, in seconds since the Unix epoch. */
  get now() {
    return performance.now() / 1000 + this.#offset
  }

  /** When a time of the room is by `performance.now()`, in milliseconds. @param {number} time */
  toLocalMs(time) {
    return (time - this.#offset) * 1000
  }

  /** @param {import('../../../../room/src/messages/room-messages.ts').RoomMessage} message */
  take(message) {
    if (message.type !== 'clock') return
    const nowMs = performance.now()
    const tripMs = nowMs - message.asked
    // An old answer fades, for clocks drift.
    if (tripMs <= this.#tripMs * 1.5) {
      this.#offset = message.time - (message.asked + nowMs) / 2000
      this.#tripMs = tripMs
    } else this.#tripMs *= 1.2
  }
}
