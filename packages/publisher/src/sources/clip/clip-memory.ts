import type { ClipPicture } from './clip-passes.ts'

/** How large a pass may be to be remembered; both hold. */
export interface ClipMemoryLimits {
  readonly pictures: number
  readonly bytes: number
}

/**
 * The last whole pass over a clip, if it is small enough: to be played again without reading anything. While a pass of
 * another output is read, as much again.
 */
export class ClipMemory {
  #whole: readonly ClipPicture[] = []
  #pass: { readonly limits: ClipMemoryLimits; readonly pictures: ClipPicture[]; bytes: number } | undefined
  /** The output of which a pass was too large: it is not tried again each time. */
  #tooLarge: string | undefined

  /** The output that is remembered; `undefined` where none is. */
  get output(): string | undefined {
    return this.#whole[0]?.output
  }

  /** A picture of what is remembered. */
  picture(index: number): ClipPicture | undefined {
    return this.#whole[index]
  }

  /** Takes note of the pictures of a pass from its beginning; {@link endPass} makes them what is remembered. */
  beginPass(output: string, limits: ClipMemoryLimits): void {
    this.#pass = output === this.#tooLarge ? undefined : { limits, pictures: [], bytes: 0 }
  }

  /** The next picture of the pass. */
  add(picture: ClipPicture): void {
    const pass = this.#pass
    if (!pass) return
    // Where pictures are left out, their numbers have gaps.
    if (picture.index !== pass.pictures.length) return this.interruptPass()
    pass.bytes += picture.data.length
    if (pass.pictures.push(picture) <= pass.limits.pictures && pass.bytes <= pass.limits.bytes) return
    this.#pass = undefined
    this.#whole = []
    this.#tooLarge = picture.output
  }

  /** The pass is whole. */
  endPass(): void {
    if (this.#pass) this.#whole = this.#pass.pictures
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
    this.#tooLarge = undefined
  }
}
