import { createHash, randomBytes } from 'node:crypto'

/** Whom a key belongs to. */
export interface KnownGuest {
  readonly id: string
  readonly key: string
  readonly name: string
}

/** 16 random bytes, in base64url. */
const KEY = /^[A-Za-z0-9_-]{22}$/

/** How many are remembered; of those who are not here the one seen least recently is forgotten first. */
const MAX_KNOWN = 1000

/**
 * Those who have been here: a page that comes back with its key is the same guest, and keeps its name meanwhile, so that
 * nobody else can speak in it.
 */
export class KnownGuests {
  readonly #byKey = new Map<string, KnownGuest>()
  readonly #byName = new Map<string, KnownGuest>()
  readonly #isHere: (id: string) => boolean
  #count = 0

  /** @param isHere - Whether somebody is in the room: as long as they are, nobody else gets their name. */
  constructor(isHere: (id: string) => boolean) {
    this.#isHere = isHere
  }

  /** Somebody who comes back, if the key is known and they go by the same name. */
  find(key: unknown, name: string): KnownGuest | undefined {
    const known = typeof key === 'string' ? this.#byKey.get(key) : undefined
    if (!known) return undefined
    this.#forget(known)
    return this.#remember(known.name === name ? known : { ...known, name: this.#freeName(name) })
  }

  /** How many there have been. */
  get count(): number {
    return this.#count
  }

  /**
   * Somebody new: by the name that they wish, or the next free one, `ann 2`.
   *
   * @param given - The key that they bring from before the room was started again; without one, or what is none, they
   *   get a new one. The id follows from the key: they are the same guest as before, also in the chat and for bans.
   */
  add(name: string, given?: unknown): KnownGuest {
    this.#count += 1
    const isKey = typeof given === 'string' && KEY.test(given)
    const key = isKey ? given : randomBytes(16).toString('base64url')
    const id = createHash('sha256').update(key).digest('hex').slice(0, 16)
    return this.#remember({ id, key, name: this.#freeName(name) })
  }

  #remember(known: KnownGuest): KnownGuest {
    this.#byKey.set(known.key, known)
    this.#byName.set(fold(known.name), known)
    if (this.#byKey.size > MAX_KNOWN) {
      const oldest = [...this.#byKey.values()].find((other) => other !== known && !this.#isHere(other.id))
      if (oldest) this.#forget(oldest)
    }
    return known
  }

  #forget(known: KnownGuest): void {
    this.#byKey.delete(known.key)
    if (this.#byName.get(fold(known.name))?.key === known.key) this.#byName.delete(fold(known.name))
  }

  #freeName(name: string): string {
    if (!this.#byName.has(fold(name))) return name
    for (let number = 2; ; number++) {
      const other = `${name} ${number}`
      if (!this.#byName.has(fold(other))) return other
    }
  }
}

/** Names that people take for the same are the same. */
function fold(name: string): string {
  return name.normalize('NFKC').toLowerCase()
}
