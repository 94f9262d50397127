import type { LivePicture } from './live-pictures.ts'

/** The number of sizes kept: a page or two request a few, repeatedly. */
const MAX_KEPT = 8
const MAX_KEPT_BYTES = 16 * 2 ** 20

interface Resized {
  readonly picture: LivePicture
  readonly width: number
  readonly made: Promise<Uint8Array>
  bytes: number
}

/**
 * Copies of pictures in other sizes, each made once for all simultaneous requests; the most recently requested are
 * kept.
 */
export class ResizedPictures {
  /** The least recently requested comes first. */
  readonly #kept = new Set<Resized>()

  /** Returns the copy of a picture in a width, made now unless it exists. */
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
    // A failed copy is tried again at the next request.
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
