import { SourceError } from '@zcast/shared'
import { failureReason } from '../ffmpeg/failure-reason.ts'
import { type RunningFfmpeg, startFfmpeg } from '../ffmpeg/ffmpeg.ts'
import { findFfmpeg } from '../ffmpeg/find-ffmpeg.ts'
import { OggPackets } from './ogg-packets.ts'
import { opusSamples } from './opus-packet.ts'
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

/** Encodes 16-bit samples to Opus packets of 20 ms, by ffmpeg, from whose Ogg stream they are taken unchanged. */
export class OpusEncoder {
  readonly #running: RunningFfmpeg
  readonly #ready: OpusPacket[] = []
  readonly #reading: Promise<void>
  /** Packets of the stream's head that were read. */
  #heads = 0
  #at = 0
  #isOpen = true
  #failure: unknown

  private constructor(running: RunningFfmpeg, { rate }: PcmFormat) {
    this.#running = running
    this.#reading = this.#read(rate).catch((error: unknown) => void (this.#failure = error))
  }

  /**
   * @param format - Of what is written: a rate that Opus knows, and one channel or two.
   * @throws {@link SourceError} `ERR_FFMPEG` when there is no ffmpeg that can be started.
   */
  static async start(format: PcmFormat): Promise<OpusEncoder> {
    const { path } = await findFfmpeg()
    const shape = ['-ar', String(format.rate), '-ac', String(format.channels)]
    // Not with -fflags nobuffer, which discards what was read for probing.
    const quiet = '-hide_banner -nostats -loglevel error -probesize 32 -analyzeduration 0 -f s16le'.split(' ')
    // A page for each packet.
    const output = '-c:a libopus -frame_duration 20 -map_metadata -1 -f ogg -page_duration 1 -flush_packets 1'
    const running = await startFfmpeg(path, {
      input: 'pipe:0',
      inputOptions: [...quiet, ...shape],
      outputOptions: [...output.split(' '), '-b:a', String(64_000 * format.channels)],
    })
    return new OpusEncoder(running, format)
  }

  /** True until it is ended. */
  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Adds samples, the channels in turn. */
  async write(samples: Uint8Array): Promise<void> {
    const { stdin } = this.#running
    if (!stdin?.writable) return
    if (!stdin.write(samples))
      await Promise.race([new Promise((resolve) => stdin.once('drain', resolve)), this.#reading])
  }

  /** The packets that are there by now. @throws {@link SourceError} `ERR_SOURCE_FAILED` when ffmpeg has failed. */
  take(): OpusPacket[] {
    if (this.#failure) throw this.#failure
    return this.#ready.splice(0)
  }

  /** Ends the sound. @returns The last packets. */
  async end(): Promise<OpusPacket[]> {
    this.#isOpen = false
    this.#running.stdin?.end()
    await this.#reading
    return this.take()
  }

  /** Ends ffmpeg at once. May be called twice. */
  async close(): Promise<void> {
    this.#isOpen = false
    await this.#running.kill()
    await this.#reading
  }

  async #read(rate: number): Promise<void> {
    const ogg = new OggPackets()
    for await (const chunk of this.#running.output) {
      for (const packet of ogg.push(chunk)) this.#add(packet, rate)
    }
    const { code, lastLines } = await this.#running.exited
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
