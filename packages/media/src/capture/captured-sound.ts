import { wallClock } from '@zcast/shared'
import type { Ffmpeg } from '../ffmpeg/find-ffmpeg.ts'
import type { PcmFormat } from '../audio/pcm-stream.ts'
import { SoundTimes } from './sound-times.ts'

/** Takes the sound of what is captured, beside its pictures. */
export interface SoundReceiver extends PcmFormat {
  /**
   * Sound has come. Must not take long, since ffmpeg waits.
   *
   * @param samples - 16 bits, little-endian, the channels in turn.
   * @param time - Of the first sample, in seconds since the Unix epoch, by the clock of the pictures.
   */
  take(samples: Uint8Array, time: number): void
  /** There is none. @param reason - A clause about "it". */
  missing(reason: string): void
}

/** Sound that lags behind its own times by more than this gets silence, or loses samples. */
const LONGEST_LAG_SECONDS = 0.02

const SAMPLE_BYTES = 2
const AS_PCM = '-c:a pcm_s16le -f s16le -flush_packets 1 pipe:3'.split(' ')

/** The options that make ffmpeg write sound to its pipe 3. */
export function soundOutput({ rate, channels }: PcmFormat): string[] {
  const filters = `aresample=${rate}:async=1:min_hard_comp=${LONGEST_LAG_SECONDS},ashowinfo`
  return ['-map', '0:a:0', '-vn', '-af', filters, '-ac', String(channels), ...AS_PCM]
}

/** The filter behind all others of the pictures. Before 4.3 it always reads the whole picture for a checksum. */
export function tellTimes({ version }: Ffmpeg): string {
  const release = /^n?(\d+)\./.exec(version)?.[1]
  return release !== undefined && Number(release) < 5 ? 'showinfo' : 'showinfo=checksum=0'
}

/** Why a stream was not read with its sound, as a clause about "it"; `undefined` when sound was not the reason. */
export function whyNoSound(lines: readonly string[]): string | undefined {
  const text = lines.join('\n')
  if (/Stream map '0:a:0' matches no streams/.test(text)) return 'it has none'
  const refused = /Codec \(([\w-]+)\) not on whitelist|Decoder \(codec ([\w-]+)\) not found/.exec(text)
  return refused ? `its codec, ${refused[1] ?? refused[2]}, is not one that zcast reads` : undefined
}

/** The sound that one ffmpeg writes, handed on with its times. */
export class CapturedSound {
  readonly #receiver: SoundReceiver
  readonly #times = new SoundTimes()
  readonly #frameBytes: number
  #rest: Uint8Array = new Uint8Array()
  #samples = 0

  constructor(receiver: SoundReceiver) {
    this.#receiver = receiver
    this.#frameBytes = receiver.channels * SAMPLE_BYTES
  }

  /** Reads a line of ffmpeg's. */
  read(line: string): void {
    this.#times.read(line)
  }

  /** A picture has come. @returns When it was due, by the clock of the sound; `undefined` while that is not known. */
  picture(): number | undefined {
    return this.#times.picture(wallClock())
  }

  /** Bytes of sound have come. What comes before its time can be told is left out. */
  take(chunk: Uint8Array): void {
    const all = this.#rest.byteLength === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const whole = all.byteLength - (all.byteLength % this.#frameBytes)
    this.#rest = Uint8Array.from(all.subarray(whole))
    const time = this.#times.timeOf(this.#samples)
    this.#samples += whole / this.#frameBytes
    if (time !== undefined && whole > 0) this.#receiver.take(all.subarray(0, whole), time)
  }
}
