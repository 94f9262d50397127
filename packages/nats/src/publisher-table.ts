import { FORGET_AFTER_MS } from './wish.ts'

/** Publishers that are remembered; further ones are not counted. */
const MAX_PUBLISHERS = 10_000

/** What other programs send stands for one publisher, which says nothing of itself. */
const OTHERS = ''

/** The publishers that a subscriber has heard of. */
export class PublisherTable {
  readonly #onChange: () => void
  readonly #onFurther: () => void
  readonly #heardAtMs = new Map<string, number>()
  #messageAtMs = Number.NEGATIVE_INFINITY

  constructor(onChange: () => void, onFurther: () => void) {
    this.#onChange = onChange
    this.#onFurther = onFurther
  }

  get count(): number {
    return this.#heardAtMs.size
  }

  /** Takes what anybody may have said. @returns True when a publisher is there. */
  heard(bytes: Uint8Array, nowMs: number): boolean {
    const said = parse(bytes)
    if (!said) return false
    if (said.gone) {
      if (this.#heardAtMs.delete(said.publisher)) this.#onChange()
      return false
    }
    this.#heardAtMs.delete(OTHERS)
    this.#hear(said.publisher, nowMs)
    return true
  }

  /** A message has come, from whomever: behind a slow network what publishers say of themselves waits as it did. */
  heardSomething(nowMs: number): void {
    this.#messageAtMs = nowMs
    if (this.#heardAtMs.size === 0) this.#hear(OTHERS, nowMs)
  }

  /** Forgets those that have not been heard of. */
  forget(nowMs: number): void {
    for (const [publisher, heardAtMs] of this.#heardAtMs)
      if (nowMs - Math.max(heardAtMs, this.#messageAtMs) > FORGET_AFTER_MS) this.#heardAtMs.delete(publisher)
    this.#onChange()
  }

  clear(): void {
    this.#heardAtMs.clear()
  }

  #hear(publisher: string, nowMs: number): void {
    const isNew = !this.#heardAtMs.has(publisher)
    if (isNew && this.#heardAtMs.size >= MAX_PUBLISHERS) return
    this.#heardAtMs.set(publisher, nowMs)
    if (!isNew) return
    this.#onChange()
    if (this.#heardAtMs.size > 1) this.#onFurther()
  }
}

function parse(bytes: Uint8Array): { publisher: string; gone: boolean } | undefined {
  try {
    const read = JSON.parse(
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(),
    ) as Record<string, unknown>
    const { publisher, gone } = read
    return typeof publisher === 'string' && publisher.length <= 64
      ? { publisher, gone: gone === true }
      : undefined
  } catch {
    return undefined
  }
}
