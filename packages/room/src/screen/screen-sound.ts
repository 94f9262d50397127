import { Demand, type Log, type SoundBlock } from '@zcast/shared'
import { errorMessage } from '@zcast/shared/internal'
import type { Source, SourceRun } from '@zcast/publisher'
import type { SoundFileSource } from '@zcast/publisher/audio'
import type { FilmReel, LiveReel, Reel } from './reel.ts'
import type { ScreenState } from './screen-state.ts'
import { SoundPlace } from './sound-place.ts'

/** 20 ms of 48,000 samples a second of two channels: what all films are converted to. */
const EXPECTED_BYTES = 3840

/**
 * The sound of the screen, `audio/<room>`, as long as the room: at every time that of the place where the screen's clock
 * is then. While it stands still, and while nobody listens, there is none.
 */
export class ScreenSound implements Source {
  readonly kind = 'audio'
  readonly expectedBytes = EXPECTED_BYTES
  readonly #state: ScreenState
  readonly #log: Log

  constructor(state: ScreenState, log: Log) {
    this.#state = state
    this.#log = log
  }

  async *blocks({ signal, demand }: SourceRun): AsyncGenerator<SoundBlock> {
    const tell = (): void => this.#state.setWanted('sound', demand.wanted.size > 0)
    const stopTelling = demand.onChange(tell)
    tell()
    try {
      while (!signal.aborted) {
        await demand.untilWanted(signal)
        if (signal.aborted) return
        const { showing } = this.#state
        const reel = showing?.reel
        if (reel?.kind === 'live') yield* this.#pass(reel, signal, demand)
        else if (reel?.hasSound) yield* this.#play(reel, signal, demand)
        else await this.#state.changed(signal)
      }
    } finally {
      stopTelling()
    }
  }

  /** Plays a film's sound until something else is on air; jumps are followed. */
  async *#play(reel: FilmReel, signal: AbortSignal, demand: Demand): AsyncGenerator<SoundBlock> {
    const stop = new AbortController()
    const isHeard = new Demand()
    const place = new SoundPlace(this.#state)
    const follow = (): void => {
      const { showing, reel: onAir, clock } = this.#state
      if (signal.aborted || onAir !== reel) return stop.abort()
      isHeard.set('', showing !== undefined && demand.wanted.size > 0 && clock.isRunning)
      place.follow()
    }
    const stopFollowing = [
      this.#state.onChange(follow),
      this.#state.clock.onChange(follow),
      demand.onChange(follow),
    ]
    signal.addEventListener('abort', follow)
    try {
      const sound = await this.#open(reel, stop.signal)
      place.set(sound)
      follow()
      if (sound) yield* sound.blocks({ signal: stop.signal, demand: isHeard })
      while (!stop.signal.aborted) await this.#state.changed(stop.signal)
    } finally {
      signal.removeEventListener('abort', follow)
      for (const end of stopFollowing) end()
      stop.abort()
    }
  }

  /** Passes on a live stream's sound while it plays, until something else is on air. */
  async *#pass(reel: LiveReel, signal: AbortSignal, demand: Demand): AsyncGenerator<SoundBlock> {
    const feed = await reel.open('audio').catch((error: unknown) => this.#warn(reel, error))
    if (!feed) return this.#state.changed(signal)
    const follow = (): void => {
      if (signal.aborted || this.#state.showing?.reel !== reel) void feed.close()
      else if (this.#state.isPlaying && demand.wanted.size > 0) feed.resume()
      else feed.pause()
    }
    const stopFollowing = [this.#state.onChange(follow), demand.onChange(follow)]
    signal.addEventListener('abort', follow)
    try {
      follow()
      for await (const { block, retained } of feed)
        if (block.kind === 'audio' && !retained) yield withoutNumber(block)
    } catch (error) {
      this.#warn(reel, error)
      await this.#state.changed(signal)
    } finally {
      signal.removeEventListener('abort', follow)
      for (const end of stopFollowing) end()
      await feed.close()
    }
  }

  /** A film whose sound cannot be read is shown without. */
  async #open(reel: FilmReel, signal: AbortSignal): Promise<SoundFileSource | undefined> {
    try {
      const first = (await reel.openPictures()).firstTime
      return await reel.openSound({ timeline: this.#state.clock, first, signal })
    } catch (error) {
      if (signal.aborted) return undefined
      return this.#warn(reel, error)
    }
  }

  /** Whatever it is, it must not end the room's sound for as long as the room lasts. */
  #warn({ name }: Reel, error: unknown): undefined {
    const sentence = `the sound of "${name}" cannot be heard: ${errorMessage(error)}`
    this.#log.warning(sentence, error, 'sound of the screen')
  }
}

/** The room's stream has numbers of its own. */
function withoutNumber({ kind, time, rate, channels, samples, format, data }: SoundBlock): SoundBlock {
  return { kind, time, rate, channels, samples, format, data }
}
