import type { WebChannel } from '@zcast/web/internal'
import type { UncheckedMessage } from '../messages/guest-messages.ts'
import { Allowance } from '../limits/allowance.ts'
import type { Guest } from '../people/guest.ts'
import { Refusal } from '../people/refusal.ts'
import type { RoomContext, RoomPart } from '../room-part.ts'
import { type CaptureHello, type CaptureIntake, receiveCaptured } from './capture-channel.ts'
import {
  MAX_CAMERA_MESSAGE,
  MAX_MICROPHONE_MESSAGE,
  readPicture,
  SOUND_RATE,
  soundReader,
} from './captured.ts'
import { GuestShare, type Shared } from './guest-share.ts'
import { StreamNames } from './stream-names.ts'

const PICTURES_A_SECOND = 30
/** Pictures that come together after the network stood still. */
const PICTURES_AT_ONCE = 4
/** A sound card's clock is not ours. */
const SOUND_ALLOWANCE = SOUND_RATE * 1.05
const SOUND_AT_ONCE = SOUND_RATE
/** Pieces of sound, 200 ms. */
const ACKNOWLEDGE_SOUND_EVERY = 10
/** Changes of one guest. */
const CHANGES_A_SECOND = 2
const CHANGES_AT_ONCE = 10

interface Sharer {
  readonly share: GuestShare
  readonly changes: Allowance
  /** The last change; the next one waits for it. */
  turning: Promise<void>
}

/**
 * Guests' cameras, screens and microphones, from their browsers to `video/<name>` and `audio/<name>`. A guest's page is
 * told whether anybody watches: until then it sends nothing.
 */
export class Cameras implements RoomPart {
  readonly takes = {
    share: (guest: Guest, message: UncheckedMessage): Promise<void> => this.#share(guest, message),
  }
  readonly #context: RoomContext
  readonly #names: StreamNames
  readonly #sharers = new Map<Guest, Sharer>()
  /** Those that are ending: who comes back gets the same name. */
  readonly #ending = new Set<Promise<void>>()

  constructor(context: RoomContext) {
    this.#context = context
    this.#names = new StreamNames([context.name])
    const { server } = context
    server.channel('/camera', (channel) => this.#receive(channel, 'camera'), {
      maxMessageBytes: MAX_CAMERA_MESSAGE,
    })
    server.channel('/microphone', (channel) => this.#receive(channel, 'microphone'), {
      maxMessageBytes: MAX_MICROPHONE_MESSAGE,
    })
  }

  left(guest: Guest): void {
    const sharer = this.#sharers.get(guest)
    if (!sharer) return
    this.#sharers.delete(guest)
    const ending = sharer.turning
      .catch(() => undefined)
      .then(() => sharer.share.close())
      .finally(() => {
        this.#names.free(sharer.share.name)
        this.#ending.delete(ending)
      })
    this.#ending.add(ending)
  }

  async close(): Promise<void> {
    for (const guest of this.#sharers.keys()) this.left(guest)
    await Promise.all(this.#ending)
  }

  async #share(guest: Guest, { camera, microphone }: UncheckedMessage): Promise<void> {
    if (camera !== undefined && camera !== null && camera !== 'camera' && camera !== 'screen')
      throw new Refusal('ERR_SHARE', 'a guest shares a camera, a screen, or none')
    if (microphone !== undefined && typeof microphone !== 'boolean')
      throw new Refusal('ERR_SHARE', 'a guest shares a microphone, or none')
    await Promise.all(this.#ending)
    // They have left meanwhile.
    if (this.#context.guests.find(guest.id) !== guest) return
    const sharer = this.#sharerOf(guest)
    if (!sharer.changes.tryTake())
      throw new Refusal('ERR_BUSY', 'sharing is turned on and off too often: wait a few seconds')
    const { share } = sharer
    sharer.turning = sharer.turning.then(async () => {
      if (camera !== undefined) await share.turn('camera', camera !== null)
      if (microphone !== undefined) await share.turn('microphone', microphone)
      guest.shown.camera = share.camera && share.name
      guest.shown.microphone = share.microphone && share.name
      if (camera !== undefined) guest.shown.isScreen = camera === 'screen' ? true : undefined
    })
    await sharer.turning
    this.#context.guests.changed()
    this.#tellWanted(guest, share)
  }

  #sharerOf(guest: Guest): Sharer {
    const known = this.#sharers.get(guest)
    if (known) return known
    const { publisher, log } = this.#context
    const share: GuestShare = new GuestShare(this.#names.take(guest.name), publisher, log, () =>
      // The stream may be about to be made.
      queueMicrotask(() => this.#tellWanted(guest, share)),
    )
    const changes = new Allowance(CHANGES_A_SECOND, CHANGES_AT_ONCE)
    const sharer = { share, changes, turning: Promise.resolve() }
    this.#sharers.set(guest, sharer)
    return sharer
  }

  #tellWanted(guest: Guest, { camera, microphone }: GuestShare): void {
    guest.tell({
      type: 'wanted',
      camera: camera?.isWanted ?? false,
      microphone: microphone?.isWanted ?? false,
    })
  }

  #receive(channel: WebChannel, what: Shared): void {
    const open = ({ key, rate }: CaptureHello): CaptureIntake => {
      const guest = this.#context.guests.findByKey(key)
      const share = guest && this.#sharers.get(guest)?.share
      if (!share?.[what]) throw new Refusal('ERR_SHARE', `join the room and share your ${what} first`)
      const intake = what === 'camera' ? cameraIntake(share) : microphoneIntake(share, rate)
      share.join(what, channel)
      return intake
    }
    receiveCaptured(channel, open, ({ message }) => {
      const kind = `what a guest's ${what} sends was refused`
      this.#context.log.warning(`${kind}: ${message}`, undefined, kind)
    })
  }
}

function cameraIntake(share: GuestShare): CaptureIntake {
  return {
    allowance: new Allowance(PICTURES_A_SECOND, PICTURES_AT_ONCE),
    every: 1,
    read: (message) => {
      const picture = readPicture(message)
      return { cost: 1, push: () => share.camera?.push(picture) }
    },
  }
}

function microphoneIntake(share: GuestShare, rate: unknown): CaptureIntake {
  const readSound = soundReader(rate)
  return {
    allowance: new Allowance(SOUND_ALLOWANCE, SOUND_AT_ONCE),
    every: ACKNOWLEDGE_SOUND_EVERY,
    read: (message) => {
      const sound = readSound(message)
      return { cost: sound.samples, push: () => share.microphone?.push(sound) }
    },
  }
}
