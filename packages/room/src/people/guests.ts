import type { RoomMessage } from '../messages/room-messages.ts'
import type { Guest } from './guest.ts'

/** Those who are in the room. */
export class Guests {
  #isTelling = false
  readonly #guests = new Map<string, Guest>();

  /** Everybody, in the order in which they came. */
  [Symbol.iterator](): Iterator<Guest> {
    return this.#guests.values()
  }

  /** How many there are. */
  get size(): number {
    return this.#guests.size
  }

  /** Somebody by their id. */
  find(id: unknown): Guest | undefined {
    return typeof id === 'string' ? this.#guests.get(id) : undefined
  }

  /** Somebody by the key that only they know. */
  findByKey(key: unknown): Guest | undefined {
    if (typeof key !== 'string') return undefined
    for (const guest of this.#guests.values()) if (guest.key === key) return guest
    return undefined
  }

  /** Lets somebody in. */
  add(guest: Guest): void {
    this.#guests.set(guest.id, guest)
    this.changed()
  }

  /** True while this very guest is here, rather than the same one on a later connection. */
  has(guest: Guest): boolean {
    return this.#guests.get(guest.id) === guest
  }

  /** Lets somebody go. @returns False when they were not here any more. */
  remove(guest: Guest): boolean {
    if (!this.has(guest)) return false
    this.#guests.delete(guest.id)
    this.changed()
    return true
  }

  /** Sends a message to everybody. */
  tell(message: RoomMessage): void {
    const text = JSON.stringify(message)
    for (const guest of this.#guests.values()) guest.tellText(text)
  }

  /** Tells everybody who is here, once for all changes of a turn: 200 who join at once are one message. */
  changed(): void {
    if (this.#isTelling) return
    this.#isTelling = true
    setImmediate(() => {
      this.#isTelling = false
      this.tell({ type: 'guests', guests: [...this.#guests.values()].map(({ view }) => view) })
    })
  }
}
