import type { GuestView } from '@zcast/room/client'

/** Changes within this time are one sentence. */
const GATHER_MS = 1500
/** Names in a sentence. */
const MAX_NAMED = 3

/** Tells who came and who left, many at once as one sentence. */
export class PeopleChanges {
  readonly #tell: (sentence: string) => void
  #names = new Map<string, string>()
  #told: Map<string, string> | undefined
  #timer: NodeJS.Timeout | undefined

  /** @param tell - Takes a sentence. */
  constructor(tell: (sentence: string) => void) {
    this.#tell = tell
  }

  /** Takes those who are here now. */
  take(guests: readonly GuestView[]): void {
    this.#names = new Map(guests.map(({ id, name }) => [id, name]))
    // Those who were here first have not come.
    if (!this.#told) this.#told = this.#names
    else this.#timer ??= setTimeout(() => this.#compare(), GATHER_MS).unref()
  }

  /** Begins anew with the next guests, as after the connection was lost. */
  reset(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#told = undefined
  }

  #compare(): void {
    this.#timer = undefined
    const told = this.#told ?? new Map<string, string>()
    this.#told = this.#names
    const came = [...this.#names].filter(([id]) => !told.has(id)).map(([, name]) => name)
    const left = [...told].filter(([id]) => !this.#names.has(id)).map(([, name]) => name)
    if (came.length > 0) this.#tell(`${listNames(came)} came`)
    if (left.length > 0) this.#tell(`${listNames(left)} left`)
  }
}

/** Names as a part of a sentence: `ann, ben and 7 others`. */
export function listNames(names: readonly string[]): string {
  const named = names.length > MAX_NAMED + 1 ? names.slice(0, MAX_NAMED) : names
  const rest = names.length - named.length
  const all = rest > 0 ? [...named, `${rest} others`] : named
  return all.length < 2 ? (all[0] ?? '') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`
}
