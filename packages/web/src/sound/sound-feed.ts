import type { Envelope } from '@zcast/shared'
import type { Sink, SinkContext } from '@zcast/subscribers'
import type { PausableGroup } from '../page/pausable-group.ts'
import type { LiveSounds } from './live-sounds.ts'

/** A subscription to sound beside a viewer's pictures. */
export class SoundFeed implements Sink {
  readonly #sounds: LiveSounds
  readonly #resting: PausableGroup

  /** @param resting - The subscriptions that are paused while nobody listens; this one joins them. */
  constructor(sounds: LiveSounds, resting: PausableGroup) {
    this.#sounds = sounds
    this.#resting = resting
  }

  open({ subscription }: SinkContext): Promise<void> {
    if (subscription) this.#resting.add(subscription)
    return Promise.resolve()
  }

  write({ topic, block, retained }: Envelope): void {
    if (block.kind === 'audio') this.#sounds.add(topic, block, retained)
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}
