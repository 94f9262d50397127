import {
  cameraInput,
  camerasGiveJpeg,
  capture,
  type CapturedPicture,
  type CaptureWishes,
} from '@zcast/shared/media'
import type { LiveInput } from './live-input.ts'

/** A camera of this machine. It is asked for JPEG pictures of its own first, which cost nothing to pass on. */
export class CameraInput implements LiveInput {
  readonly name: string
  readonly #device: string
  readonly #wishes: CaptureWishes
  #givesJpeg = camerasGiveJpeg()

  /** @param device - `/dev/video0`, or what `zcast devices` names; `''` is the first camera. */
  constructor(device: string, wishes: CaptureWishes = {}) {
    this.name = device === '' ? 'camera' : `camera:${device}`
    this.#device = device
    this.#wishes = wishes
  }

  async *open(signal: AbortSignal): AsyncGenerator<CapturedPicture> {
    if (this.#givesJpeg) {
      let came = false
      try {
        for await (const picture of this.#capture(true, signal)) {
          came = true
          yield picture
        }
        return
      } catch (error) {
        if (came || signal.aborted) throw error
      }
    }
    for await (const picture of this.#capture(false, signal)) {
      // Known to work without: the next opening need not try. A camera that is merely gone decides nothing.
      this.#givesJpeg = false
      yield picture
    }
  }

  #capture(motionJpeg: boolean, signal: AbortSignal): AsyncIterable<CapturedPicture> {
    const device = cameraInput(this.#device, this.#wishes, motionJpeg)
    return capture({ ...device, isDevice: true, name: this.name, copy: motionJpeg }, signal)
  }
}
