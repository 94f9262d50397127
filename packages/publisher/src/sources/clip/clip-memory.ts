import type { ClipPicture } from './clip-passes.ts'

/** The largest pass that is remembered; both limits apply. */
export interface ClipMemoryLimits {
  readonly pictures: number
  readonly bytes: number
}

/**
 * The last complete pass over a clip, if it is small enough: it can be played again without reading anything. While a
 * pass of another output is being read, it takes as much again.
 */
export class ClipMemory {
  #whole: readonly ClipPicture[] = []
  #pass: { readonly limits: ClipMemoryLimits; readonly pictures: ClipPicture[]; bytes: number } | undefined
  /** The output whose pass was too large: it is not tried again each time. */
  #tooLarge: string | undefined

  /** The remembered output; `undefined` when there is none. */
  get output(): string | undefined {
    return this.#whole[0]?.output
  }

  /** A picture of the remembered pass. */
  picture(index: number): ClipPicture | undefined {
    return this.#whole[index]
  }

  /** Starts to record the pictures of a pass from its beginning; {@link endPass} makes it the remembered one. */
  beginPass(output: string, limits: ClipMemoryLimits): void {
    this.#pass = output === this.#tooLarge ? undefined : { limits, pictures: [], bytes: 0 }
  }

  /** Adds the next picture of the pass. */
  add(picture: ClipPicture): void {
    const pass = this.#pass
    if (!pass) return
    // When pictures are left out, their numbers have gaps.
    if (picture.index !== pass.pictures.length) return this.interruptPass()
    pass.bytes += picture.data.length
    if (pass.pictures.push(picture) <= pass.limits.pictures && pass.bytes <= pass.limits.bytes) return
    this.#pass = undefined
    this.#whole = []
    this.#tooLarge = picture.output
  }

  /** Completes the pass. */
  endPass(): void {
    if (this.#pass) this.#whole = this.#pass.pictures
    this.#pass = undefined
  }

  /** Discards the interrupted pass. */
  interruptPass(): void {
    this.#pass = undefined
  }

  /** Frees everything. */
  forget(): void {
    this.#whole = []
    this.#pass = undefined
    this.#tooLarge = undefined
  }
}
