import type { SoundFileSource } from '@zcast/publisher/audio'
import type { ScreenState, Showing } from './screen-state.ts'

/** Has a film's sound go where the screen goes, one jump at a time: of many in a row the last one counts. */
export class SoundPlace {
  readonly #state: ScreenState
  #sound: Pick<SoundFileSource, 'prepare'> | undefined
  #isKnown = false
  #prepared: Showing | undefined
  #isBusy = false

  constructor(state: ScreenState) {
    this.#state = state
  }

  /** Says what the sound is; `undefined` where there is none. */
  set(sound: Pick<SoundFileSource, 'prepare'> | undefined): void {
    this.#sound = sound
    this.#isKnown = true
  }

  /** Goes where the screen is, unless it is there or on its way. */
  follow(): void {
    if (!this.#isKnown || this.#isBusy) return
    this.#isBusy = true
    void this.#go()
  }

  async #go(): Promise<void> {
    for (;;) {
      const { showing, clock } = this.#state
      if (!showing || this.#prepared === showing) break
      await this.#sound?.prepare({ pass: clock.pass, at: clock.position })
      this.#prepared = showing
      this.#state.arrived('sound', showing)
    }
    this.#isBusy = false
  }
}
