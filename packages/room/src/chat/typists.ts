/** Who has not been heard of for so long types no longer; pages say it every 3 s. */
const TYPING_MS = 5000
/** Changes are told at most this often. */
const TELL_MS = 250
/** Names that are told; more are too many to be read. */
const MAX_TOLD = 10

/** Those who are typing. */
export class Typists {
  readonly #tell: (names: readonly string[]) => void
  readonly #typing = new Map<string, { readonly name: string; readonly timer: NodeJS.Timeout }>()
  #telling: NodeJS.Timeout | undefined
  #told = ''

  /** @param tell - Tells their names, after each change. */
  constructor(tell: (names: readonly string[]) => void) {
    this.#tell = tell
  }

  /** Somebody is typing. */
  begin(id: string, name: string): void {
    clearTimeout(this.#typing.get(id)?.timer)
    const timer = setTimeout(() => this.end(id), TYPING_MS).unref()
    this.#typing.set(id, { name, timer })
    this.#changed()
  }

  /** Somebody has said it, or left. */
  end(id: string): void {
    clearTimeout(this.#typing.get(id)?.timer)
    if (this.#typing.delete(id)) this.#changed()
  }

  /** Forgets everybody. */
  close(): void {
    clearTimeout(this.#telling)
    for (const { timer } of this.#typing.values()) clearTimeout(timer)
    this.#typing.clear()
  }

  #changed(): void {
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined
      const names = [...this.#typing.values()].slice(0, MAX_TOLD).map(({ name }) => name)
      const told = JSON.stringify(names)
      if (told === this.#told) return
      this.#told = told
      this.#tell(names)
    }, TELL_MS).unref()
  }
}
