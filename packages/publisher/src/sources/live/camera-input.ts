import { access, constants, stat } from 'node:fs/promises'
import { SourceError } from '@zcast/shared'
import {
  cameraInput,
  camerasGiveJpeg,
  capture,
  listDevices,
  type CapturedPicture,
  type CaptureWishes,
} from '@zcast/media'
import type { LiveEvents, LiveInput } from './live-input.ts'

/** A camera of this machine. It is first asked for JPEG pictures of its own, which cost nothing to pass on. */
export class CameraInput implements LiveInput {
  readonly name: string
  readonly #device: string
  readonly #wishes: CaptureWishes
  #givesJpeg = camerasGiveJpeg()

  /** @param device - `/dev/video0`, or a name from `zcast devices`; `''` is the first camera. */
  constructor(device: string, wishes: CaptureWishes = {}) {
    this.name = device === '' ? 'camera' : `camera:${device}`
    this.#device = device
    this.#wishes = wishes
  }

  async findMissing(): Promise<SourceError | undefined> {
    const missing = await this.#missing()
    return missing === undefined ? undefined : new SourceError('ERR_SOURCE_MISSING', missing)
  }

  async #missing(): Promise<string | undefined> {
    const advice = 'plug one in, or choose one that "zcast devices" lists'
    if (process.platform === 'linux') {
      const path = this.#device || '/dev/video0'
      const found = await stat(path).catch(() => undefined)
      if (!found?.isCharacterDevice()) return `there is no camera at ${path}: ${advice}`
      const mayRead = await access(path, constants.R_OK | constants.W_OK).then(
        () => true,
        () => false,
      )
      return mayRead
        ? undefined
        : `this user may not open the camera ${path}: join its group (usually "video")`
    }
    if (this.#device !== '') return undefined
    const devices = await listDevices()
    return devices.some(({ kind }) => kind === 'camera') ? undefined : `there is no camera: ${advice}`
  }

  async *open(signal: AbortSignal, events?: LiveEvents): AsyncGenerator<CapturedPicture> {
    if (this.#givesJpeg) {
      let came = false
      try {
        for await (const picture of this.#capture(true, signal, events)) {
          came = true
          yield picture
        }
        return
      } catch (error) {
        if (came || signal.aborted) throw error
      }
    }
    for await (const picture of this.#capture(false, signal, events)) {
      // It is known to work without them: the next opening need not try. A camera that is merely gone proves nothing.
      this.#givesJpeg = false
      yield picture
    }
  }

  #capture(
    motionJpeg: boolean,
    signal: AbortSignal,
    events: LiveEvents | undefined,
  ): AsyncIterable<CapturedPicture> {
    const device = cameraInput(this.#device, this.#wishes, motionJpeg)
    const onDamage = (): void => events?.badPicture('it is cut off or damaged')
    return capture({ ...device, isDevice: true, name: this.name, copy: motionJpeg, onDamage }, signal)
  }
}
