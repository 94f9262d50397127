import type { ClipPicture } from '../clip-passes.ts'

/** How large a pass may be to be remembered; both hold. */
export interface ClipMemoryLimits {
  readonly pictures: number
  readonly bytes: number
}

/** The last whole pass over a clip, if it is small enough: to be played again without reading anything. */
export class ClipMemory {
  readonly #limits: ClipMemoryLimits
  #whole: readonly ClipPicture[] = []
  #pass: ClipPicture[] | undefined
  #bytes = 0

  constructor(limits: ClipMemoryLimits) {
    this.#limits = limits
  }

  /** How many pictures are remembered of an output: all of them, or none. */
  pictures(output: string): number {
    return this.#whole[0]?.output === output ? this.#whole.length : 0
  }

  /** A picture that is remembered. */
  picture(output: string, index: number): ClipPicture | undefined {
    const picture = this.#whole[index]
    return picture?.output === output ? picture : undefined
  }

  /** Takes note of the pictures of a pass from its beginning; {@link endPass} makes them what is remembered. */
  beginPass(): void {
    this.#pass = []
    this.#bytes = 0
  }

  /** The next picture of the pass. */
  add(picture: ClipPicture): void {
    if (!this.#pass) return
    this.#bytes += picture.data.length
    const { pictures, bytes } = this.#limits
    if (this.#pass.push(picture) > pictures || this.#bytes > bytes) this.#pass = undefined
  }

  /** The pass is whole. */
  endPass(): void {
    if (this.#pass) this.#whole = this.#pass
    this.#pass = undefined
  }

  /** The pass was cut off. */
  interruptPass(): void {
    this.#pass = undefined
  }

  /** Frees it all. */
  forget(): void {
    this.#whole = []
    this.#pass = undefined
  }
}
