import type { Source, SourceRun } from '@zcast/publisher'
import { Ticker, type VoiceBlock, wallClock } from '@zcast/shared'
import { Limiter } from './limiter.ts'
import { mixVoices } from './mix-voices.ts'
import { VOICE_FORMAT, VOICE_SAMPLES, type SpokenClip } from './voice-format.ts'

const BLOCK_SECONDS = VOICE_SAMPLES / VOICE_FORMAT.rate
/** A block is made this long before it is due, so that a busy moment does not make it late. */
const AHEAD_SECONDS = 0.1
/** What a machine that was busy for longer has not said is left out. */
const MOST_LATE_SECONDS = 1

/** What people say, mixed, for `voice/<room>`: nothing while nobody speaks or nobody listens. */
export class VoiceSource implements Source {
  readonly kind = 'voice'
  readonly expectedBytes = VOICE_SAMPLES * 2
  readonly #clips = new Set<SpokenClip>()
  #wake = (): void => undefined

  /** Adds a clip, before its time or within it; it is forgotten once it has ended. */
  add(clip: SpokenClip): void {
    this.#clips.add(clip)
    this.#wake()
  }

  async *blocks({ signal, demand }: SourceRun): AsyncGenerator<VoiceBlock> {
    const wake = (): void => this.#wake()
    signal.addEventListener('abort', wake)
    while (!signal.aborted) {
      const begin = this.#nextBegin()
      await this.#sleep(begin === undefined ? undefined : begin - AHEAD_SECONDS - wallClock())
      if (signal.aborted) return
      if (begin !== undefined && begin - AHEAD_SECONDS <= wallClock())
        yield* this.#speak({ signal, demand }, begin)
    }
  }

  /** Mixes from the begin of a clip until nobody speaks any more. */
  async *#speak({ signal, demand }: SourceRun, begin: number): AsyncGenerator<VoiceBlock> {
    const ticker = new Ticker(1 / BLOCK_SECONDS)
    const limiter = new Limiter()
    const now = wallClock()
    let time = Math.max(begin, now - MOST_LATE_SECONDS)
    // What should have been sent by now is sent at once, so that no clip loses its beginning.
    let missed = Math.floor((now + AHEAD_SECONDS - time) / BLOCK_SECONDS)
    while (this.#isHeardAt(time) && (missed-- > 0 || (await ticker.next(signal)) !== undefined)) {
      const samples = limiter.next(mixVoices(this.#clips, time, VOICE_SAMPLES))
      if (samples && demand.wanted.size > 0) yield block(samples, time - BLOCK_SECONDS)
      time += BLOCK_SECONDS
    }
    // Before their time is over, as they are mixed ahead of it: their end would be said again.
    this.#forgetUntil(time)
    const last = limiter.flush(VOICE_SAMPLES)
    if (last && demand.wanted.size > 0 && !signal.aborted) yield block(last, time - BLOCK_SECONDS)
  }

  #nextBegin(): number | undefined {
    this.#forgetUntil(wallClock())
    let first: number | undefined
    for (const { time } of this.#clips) first = Math.min(first ?? time, time)
    return first
  }

  #forgetUntil(time: number): void {
    for (const clip of this.#clips) if (clip.time + clip.seconds <= time) this.#clips.delete(clip)
  }

  #isHeardAt(time: number): boolean {
    for (const clip of this.#clips)
      if (clip.time <= time + BLOCK_SECONDS && clip.time + clip.seconds > time) return true
    return false
  }

  /** @param seconds - Default: until a clip is added. */
  #sleep(seconds: number | undefined): Promise<void> {
    return new Promise((resolve) => {
      const timer = seconds === undefined ? undefined : setTimeout(resolve, Math.max(0, seconds * 1000))
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

function block(samples: Int16Array, time: number): VoiceBlock {
  const data = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)
  return { kind: 'voice', time, ...VOICE_FORMAT, samples: samples.length, format: 's16', data }
}
