import type { Frame, Log, SoundBlock } from '@zcast/shared'
import type { Publisher } from '@zcast/publisher'
import type { WebChannel } from '@zcast/web/internal'
import { GuestStream } from './guest-stream.ts'

/** What of a guest is shared. */
export type Shared = 'camera' | 'microphone'

/** Sizes of what is usual: a picture of 1280x720, 20 ms of sound. */
const PICTURE_BYTES = 256 * 1024
const SOUND_BYTES = 1920
/** A second of sound. */
const MAX_WAITING_SOUND = 50

/** The camera and the microphone of one guest, under one name. */
export class GuestShare {
  readonly name: string
  readonly #publisher: Publisher
  readonly #log: Log
  readonly #onWanted: () => void
  #camera: GuestStream<Frame> | undefined
  #microphone: GuestStream<SoundBlock> | undefined
  readonly #channels = new Map<Shared, WebChannel>()

  /** @param onWanted - Called when it may have changed whether anybody watches or listens. */
  constructor(name: string, publisher: Publisher, log: Log, onWanted: () => void) {
    this.name = name
    this.#publisher = publisher
    this.#log = log
    this.#onWanted = onWanted
  }

  get camera(): GuestStream<Frame> | undefined {
    return this.#camera
  }

  get microphone(): GuestStream<SoundBlock> | undefined {
    return this.#microphone
  }

  /** Begins or ends sharing one of them. Resolves once it is so. */
  async turn(what: Shared, isShared: boolean): Promise<void> {
    if (isShared === (this[what] !== undefined)) return
    if (isShared) return what === 'camera' ? this.#openCamera() : this.#openMicrophone()
    this.#channels.get(what)?.close()
    const ending = this[what]
    if (what === 'camera') this.#camera = undefined
    else this.#microphone = undefined
    await ending?.close()
  }

  /** Keeps the WebSocket by which it comes; an earlier one ends. */
  join(what: Shared, channel: WebChannel): void {
    this.#channels.get(what)?.terminate()
    this.#channels.set(what, channel)
    channel.onClose(() => {
      if (this.#channels.get(what) === channel) this.#channels.delete(what)
    })
  }

  /** Ends both. */
  async close(): Promise<void> {
    await Promise.all([this.turn('camera', false), this.turn('microphone', false)])
  }

  #openCamera(): void {
    this.#camera = new GuestStream<Frame>(this.#publisher, this.name, this.#log, {
      kind: 'video',
      expectedBytes: PICTURE_BYTES,
      limit: 1,
      onWanted: this.#onWanted,
    })
  }

  #openMicrophone(): void {
    this.#microphone = new GuestStream<SoundBlock>(this.#publisher, this.name, this.#log, {
      kind: 'audio',
      expectedBytes: SOUND_BYTES,
      limit: MAX_WAITING_SOUND,
      onWanted: this.#onWanted,
    })
  }
}
