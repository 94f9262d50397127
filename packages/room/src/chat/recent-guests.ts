/** Somebody who has been here. */
export interface RecentGuest {
  readonly id: string
  readonly name: string
  readonly address: string | undefined
}

/** How many are remembered; the one who came least recently is forgotten first. */
const MAX_RECENT = 1000

/** Those who came in lately: who has just left can still be banned. */
export class RecentGuests {
  readonly #guests = new Map<string, RecentGuest>()

  /** Notes somebody who comes in. */
  note(guest: RecentGuest): void {
    this.#guests.delete(guest.id)
    this.#guests.set(guest.id, guest)
    const [oldest] = this.#guests.keys()
    if (this.#guests.size > MAX_RECENT && oldest !== undefined) this.#guests.delete(oldest)
  }

  /** Somebody by their id. */
  find(id: string): RecentGuest | undefined {
    return this.#guests.get(id)
  }
}
