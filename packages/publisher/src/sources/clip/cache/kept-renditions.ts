import type { MakeRendition } from '../../renditions.ts'
import type { TimedPicture } from '../clip-place.ts'
import type { ClipStore } from './clip-store.ts'

/** Makes the smaller pictures of a clip only once: in the next pass of a looped clip they come from the cache. */
export class KeptRenditions {
  readonly #store: ClipStore | undefined
  readonly #keeps: boolean
  readonly #make: MakeRendition
  readonly #kept = new Set<string>()
  #last = -1

  /** @param keeps - True when the result is stored; false when it is only looked up. */
  constructor(store: ClipStore | undefined, keeps: boolean, make: MakeRendition) {
    this.#store = store
    this.#keeps = keeps
    this.#make = make
  }

  /** Returns the function that makes the renditions of a picture; a first picture ends the previous pass. */
  async makeFor(picture: TimedPicture): Promise<MakeRendition> {
    const store = this.#store
    const { index } = picture
    if (!store) return this.#make
    if (index === 0) {
      for (const name of this.#kept) await store.endPass(name, this.#last + 1)
      this.#kept.clear()
    }
    this.#last = index
    return async (larger, name, size) => {
      const known = await store.read(name, index)
      if (known) return known
      const made = await this.#make(larger, name, size)
      if (!this.#keeps) return made
      if (index === 0) this.#kept.add(name)
      if (this.#kept.has(name)) await store.keep(name, picture, made)
      return made
    }
  }

  /** Ends a pass in the middle: nothing incomplete is stored. */
  async interrupt(): Promise<void> {
    for (const name of this.#kept) await this.#store?.interrupt(name)
    this.#kept.clear()
  }
}
