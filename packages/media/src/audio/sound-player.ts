import { SinkError } from '@zcast/shared'
import { failureReason } from '../ffmpeg/failure-reason.ts'
import { FedProcess } from '../ffmpeg/fed-process.ts'
import { findFfplay } from '../ffmpeg/find-ffplay.ts'
import type { ProcessExit } from '../ffmpeg/process-exit.ts'
import type { PcmFormat } from './pcm-stream.ts'
import { UNKNOWN_LENGTH, wavHeader } from './wav-header.ts'

// The end of the input ends it (-autoexit): nothing is left over when this process is killed.
const FFPLAY_OPTIONS =
  '-hide_banner -loglevel error -nostats -nodisp -autoexit -fflags nobuffer -probesize 32 -analyzeduration 0 -f wav -i pipe:0'.split(
    ' ',
  )

/** Options of {@link SoundPlayer.open}. */
export interface SoundPlayerOptions extends PcmFormat {
  /** Where `PATH` is read. Default `process.env`. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined
}

/** Plays 16-bit samples on this machine's speakers, by ffplay. */
export class SoundPlayer {
  readonly #ffplay: FedProcess
  #failure: SinkError | undefined
  #closing = false

  private constructor(ffplay: FedProcess) {
    this.#ffplay = ffplay
    void ffplay.exited.then((exit) => {
      if (!this.#closing) this.#failure = playerError(exit)
    })
  }

  /** @throws {@link SinkError} `ERR_SINK` when there is no ffplay, or it cannot be started. */
  static async open({ rate, channels, environment = process.env }: SoundPlayerOptions): Promise<SoundPlayer> {
    const player = new SoundPlayer(await FedProcess.start(await requireFfplay(environment), FFPLAY_OPTIONS))
    // A header of its own, since the options for bare samples are others in each ffplay.
    await player.#ffplay.feed(wavHeader({ rate, channels }, UNKNOWN_LENGTH))
    return player
  }

  /** @throws {@link SinkError} `ERR_SINK` when there is no ffplay. */
  static async check(environment: Readonly<Record<string, string | undefined>> = process.env): Promise<void> {
    await requireFfplay(environment)
  }

  /** Resolves when ffplay has taken the samples. @throws {@link SinkError} `ERR_SINK` when it has ended. */
  async play(samples: Uint8Array): Promise<void> {
    if (this.#failure) throw this.#failure
    await this.#ffplay.feed(samples)
    if (this.#failure) throw this.#failure
  }

  /** Ends it, with what it has not played yet. May be called twice. */
  async close(): Promise<void> {
    this.#closing = true
    await this.#ffplay.kill()
  }
}

async function requireFfplay(environment: Readonly<Record<string, string | undefined>>): Promise<string> {
  const path = await findFfplay(environment['PATH'] ?? '')
  if (path !== undefined) return path
  throw new SinkError(
    'the speakers need ffplay, which is not installed: install ffmpeg with ffplay so that it is in PATH, or choose --show level',
  )
}

/** Without a device ffplay ends as if everything had been played. */
function playerError({ code, signal, lastLines }: ProcessExit): SinkError {
  if (lastLines.some((line) => line.includes('audio open failed')))
    return new SinkError(
      'no sound can be played here, because ffplay finds no device for it: connect one, or choose --show level',
    )
  const reason = failureReason(lastLines, 'pipe:0') ?? (signal ? `ended by ${signal}` : `exit status ${code}`)
  return new SinkError(`ffplay ended: ${reason} (--show level needs no ffplay)`)
}
