import type { LivePicture } from './live-pictures.ts'

/** Sizes that are kept: a page or two ask for a few, over and over. */
const MAX_KEPT = 8
const MAX_KEPT_BYTES = 16 * 2 ** 20

interface Resized {
  readonly picture: LivePicture
  readonly width: number
  readonly made: Promise<Uint8Array>
  bytes: number
}

/** Copies of pictures in other sizes, each made once for all who ask at the time; those asked for last are kept. */
export class ResizedPictures {
  /** Least lately asked for first. */
  readonly #kept = new Set<Resized>()

  /** The copy of a picture in a width, made now unless it is there. */
  get(picture: LivePicture, width: number, make: () => Promise<Uint8Array>): Promise<Uint8Array> {
    for (const resized of this.#kept) {
      if (resized.picture !== picture || resized.width !== width) continue
      this.#kept.delete(resized)
      this.#kept.add(resized)
      return resized.made
    }
    const resized: Resized = { picture, width, made: make(), bytes: 0 }
    this.#kept.add(resized)
    this.#bound()
    const settle = (bytes: number): void => {
      resized.bytes = bytes
      this.#bound()
    }
    // What failed is tried again by who asks next.
    resized.made.then(({ byteLength }) => settle(byteLength)).catch(() => this.#kept.delete(resized))
    return resized.made
  }

  #bound(): void {
    let bytes = 0
    for (const resized of this.#kept) bytes += resized.bytes
    for (const oldest of this.#kept) {
      if (this.#kept.size <= MAX_KEPT && bytes <= MAX_KEPT_BYTES) return
      this.#kept.delete(oldest)
      bytes -= oldest.bytes
    }
  }
}
