import { Demand } from '@zcast/shared'
import type { LiveSoundSource } from './live-sound-source.ts'

/** What a live input is open for: its pictures, its sound, or both. */
export class InputDemand {
  readonly demand = new Demand()
  readonly #stops: readonly (() => void)[]

  /** @param pictures - What is wanted of the pictures. */
  constructor(pictures: Demand, sound: LiveSoundSource | undefined) {
    const check = (): void => {
      this.demand.set('pictures', pictures.wanted.size > 0)
      this.demand.set('sound', sound?.isWanted ?? false)
    }
    this.#stops = [pictures.onChange(check), ...(sound ? [sound.onChange(check)] : [])]
    check()
  }

  close(): void {
    for (const stop of this.#stops) stop()
  }
}
