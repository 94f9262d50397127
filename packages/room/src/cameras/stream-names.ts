/** A stream's name has at most 64 characters, with a number at its end. */
const MAX_LENGTH = 56
const NAMELESS = 'guest'

/**
 * Names for the streams of guests: what is left of a guest's own name in the letters that a stream's name may have, and
 * a number where another stream has it.
 */
export class StreamNames {
  readonly #taken: Set<string>

  /** @param taken - Names that no guest may have, such as the room's own. */
  constructor(taken: Iterable<string>) {
    this.#taken = new Set(taken)
  }

  /** Takes a name that is free. */
  take(name: string): string {
    const plain = toStreamName(name)
    let free = plain
    for (let number = 2; this.#taken.has(free); number += 1) free = `${plain}-${number}`
    this.#taken.add(free)
    return free
  }

  /** Gives a name back. */
  free(name: string): void {
    this.#taken.delete(name)
  }
}

/** `Zoë Müller` becomes `Zoe-Muller`. */
function toStreamName(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^\w.-]+/g, '-')
    .replace(/^[-.]+/, '')
    .slice(0, MAX_LENGTH)
    .replace(/[-.]+$/, '')
  return plain === '' ? NAMELESS : plain
}
