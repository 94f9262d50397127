import { capture, screenInput, type CapturedPicture, type CaptureWishes } from '@zcast/media'
import type { LiveInput } from './live-input.ts'

/** A screen, or a part of one. */
export class ScreenInput implements LiveInput {
  readonly name: string
  readonly #screen: string
  readonly #wishes: Pick<CaptureWishes, 'fps' | 'width'>

  /**
   * @param screen - Such as `:1.0+100,200`; `''` is the whole main screen.
   * @param wishes - `width` is the width that the captured picture is scaled to.
   */
  constructor(screen: string, wishes: Pick<CaptureWishes, 'fps' | 'width'> = {}) {
    this.name = screen === '' ? 'screen' : `screen:${screen}`
    this.#screen = screen
    this.#wishes = wishes
  }

  async *open(signal: AbortSignal): AsyncGenerator<CapturedPicture> {
    const device = await screenInput(this.#screen, { fps: this.#wishes.fps })
    yield* capture({ ...device, isDevice: true, name: this.name, width: this.#wishes.width }, signal)
  }
}
