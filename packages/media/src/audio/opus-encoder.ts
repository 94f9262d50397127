import { SourceError } from '@zcast/shared'
import { opusSamples } from '@zcast/shared/internal'
import { failureReason } from '../ffmpeg/failure-reason.ts'
import { type RunningFfmpeg, startFfmpeg } from '../ffmpeg/ffmpeg.ts'
import { findFfmpeg } from '../ffmpeg/find-ffmpeg.ts'
import { OggPackets } from './ogg-packets.ts'
import type { PcmFormat } from './pcm-stream.ts'

/** A packet, and where in the sound that was given its first decoded sample lies. */
export interface OpusPacket {
  readonly data: Uint8Array
  /** Samples from the begin of the sound; below 0 for what the encoder puts before it. */
  readonly at: number
  /** How many it is decoded to. */
  readonly samples: number
}

const OPUS_RATE = 48_000
/** `OpusHead`, and then the version and the number of channels. */
const PRE_SKIP_AT = 10

/** What may be written while ffmpeg starts, in pieces: two seconds. What is more ends it. */
const MOST_EARLY = 100

/**
 * Encodes 16-bit samples to Opus packets of 20 ms, by ffmpeg, from whose Ogg stream they are taken unchanged. Samples may
 * be written at once: whoever makes them does not wait for ffmpeg to start.
 */
export class OpusEncoder {
  readonly #starting: Promise<RunningFfmpeg>
  #running: RunningFfmpeg | undefined
  readonly #early: Uint8Array[] = []
  readonly #ready: OpusPacket[] = []
  readonly #reading: Promise<void>
  /** Packets of the stream's head that were read. */
  #heads = 0
  #at = 0
  #isOpen = true
  #failure: unknown

  /** @param format - Of what is written: a rate that Opus knows, and one channel or two. */
  constructor(format: PcmFormat) {
    this.#starting = start(format)
    this.#reading = this.#read(format.rate).catch((error: unknown) => {
      this.#isOpen = false
      this.#failure = error
    })
  }

  /** True until it is ended, has failed, or was given more than can wait while it starts. */
  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Adds samples, the channels in turn. Resolves once there is room for more. */
  async write(samples: Uint8Array): Promise<void> {
    if (!this.#running) {
      if (this.#early.length < MOST_EARLY) this.#early.push(samples)
      else this.#isOpen = false
      return
    }
    const { stdin } = this.#running
    if (!stdin?.writable || stdin.write(samples)) return
    await Promise.race([new Promise((resolve) => stdin.once('drain', resolve)), this.#reading])
  }

  /**
   * The packets that are there by now.
   *
   * @throws {@link SourceError} `ERR_FFMPEG` when there is no ffmpeg that can be started, `ERR_SOURCE_FAILED` when it has
   *   failed.
   */
  take(): OpusPacket[] {
    if (this.#failure) throw this.#failure
    return this.#ready.splice(0)
  }

  /** Ends the sound. @returns The last packets. */
  async end(): Promise<OpusPacket[]> {
    this.#isOpen = false
    const running = await this.#starting.catch(() => undefined)
    running?.stdin?.end()
    await this.#reading
    return this.take()
  }

  /** Ends ffmpeg at once. May be called twice. */
  async close(): Promise<void> {
    this.#isOpen = false
    const running = await this.#starting.catch(() => undefined)
    await running?.kill()
    await this.#reading
  }

  async #read(rate: number): Promise<void> {
    const running = await this.#starting
    for (const samples of this.#early.splice(0)) running.stdin?.write(samples)
    this.#running = running
    const ogg = new OggPackets()
    for await (const chunk of running.output) {
      for (const packet of ogg.push(chunk)) this.#add(packet, rate)
    }
    const { code, lastLines } = await running.exited
    if (code === 0 || code === null) return
    const reason = failureReason(lastLines, 'pipe:0') ?? `exit status ${code}`
    throw new SourceError('ERR_SOURCE_FAILED', `sound cannot be encoded as Opus (ffmpeg says: ${reason})`)
  }

  #add(packet: Buffer, rate: number): void {
    this.#heads++
    if (this.#heads === 1) this.#at = -Math.round((packet.readUInt16LE(PRE_SKIP_AT) * rate) / OPUS_RATE)
    if (this.#heads <= 2) return
    const samples = Math.round(((opusSamples(packet) ?? 0) * rate) / OPUS_RATE)
    this.#ready.push({ data: packet, at: this.#at, samples })
    this.#at += samples
  }
}

async function start(format: PcmFormat): Promise<RunningFfmpeg> {
  const { path } = await findFfmpeg()
  const shape = ['-ar', String(format.rate), '-ac', String(format.channels)]
  // Not with -fflags nobuffer, which discards what was read for probing.
  const quiet = '-hide_banner -nostats -loglevel error -probesize 32 -analyzeduration 0 -f s16le'.split(' ')
  // A page for each packet.
  const output = '-c:a libopus -frame_duration 20 -map_metadata -1 -f ogg -page_duration 1 -flush_packets 1'
  return startFfmpeg(path, {
    input: 'pipe:0',
    inputOptions: [...quiet, ...shape],
    outputOptions: [...output.split(' '), '-b:a', String(64_000 * format.channels)],
  })
}
