import { rm } from 'node:fs/promises'
import { type Frame, SinkError, type SoundBlock } from '@zcast/shared'
import { createNewFile } from '@zcast/shared/internal'
import { STEREO_48K } from '../audio/stereo-converter.ts'
import { failureReason } from '../ffmpeg/failure-reason.ts'
import { FedProcess } from '../ffmpeg/fed-process.ts'
import type { ProcessExit } from '../ffmpeg/process-exit.ts'
import { findFfmpeg, type Ffmpeg } from '../ffmpeg/find-ffmpeg.ts'
import { FrameClock } from './frame-clock.ts'
import { matroskaHead, matroskaPictureHead, matroskaSoundHead } from './matroska-writer.ts'
import { RecordedSound } from './recorded-sound.ts'
import type { SoundPacket } from './sound-track.ts'

// Every picture is complete and of known size: ffmpeg needs to see only the first one to begin.
const INPUT_OPTIONS =
  '-hide_banner -nostdin -nostats -loglevel error -y -probesize 32 -analyzeduration 0 -f matroska -i pipe:0 -map 0:v:0'.split(
    ' ',
  )
const MKV_OPTIONS = '-c copy -cluster_time_limit 1000 -f matroska'.split(' ')
// Without a time base of its own the encoder rounds times to a frame rate that ffmpeg guessed. Each key frame begins a
// fragment of the file, and a kill loses at most one fragment. Sound alone begins one every five seconds.
const MP4_OPTIONS = [
  '-enc_time_base:v 1:1000 -video_track_timescale 16000 -c:v libx264 -preset veryfast -tune zerolatency -crf 20',
  '-pix_fmt yuv420p -movflags +frag_keyframe+empty_moov+default_base_moof -frag_duration 5000000',
  '-force_key_frames expr:if(isnan(prev_forced_t),1,gte(t,prev_forced_t+1))',
].flatMap((options) => options.split(' '))
// Pictures wait in ffmpeg for the first sound, which may be late: at most 128 of them do by default.
const SOUND_OPTIONS = '-map 0:a:0 -max_muxing_queue_size 4096'.split(' ')
// Its encoder begins 21 ms before its first sample: ffmpeg lets everything behind the first picture wait for it.
const MP4_SOUND_OPTIONS = '-c:a aac -b:a 160k'.split(' ')
const COMPLETE_WITHIN_MS = 30_000

/** The format of a recording; see {@link VideoRecorder}. */
export type RecordingFormat = 'mp4' | 'mkv'

/** Options of {@link VideoRecorder.create}. */
export interface VideoRecorderOptions {
  /** Asked once the first frame has come: true for a file with sound, silent as long as none comes. Default: none. */
  readonly hasSound?: (() => Promise<boolean>) | undefined
  /** True for pictures and sound of a recording, which come as fast as they are taken. Default false. */
  readonly isReplay?: boolean | undefined
}

/**
 * Writes frames to a video file through ffmpeg, at their real times: a gap in the stream is a gap in the file, and the
 * frame rate may vary.
 *
 * - `mkv` holds the JPEG pictures exactly as they came, at no cost. A change of size is kept; not every player follows
 *   it. Sound is kept as samples.
 * - `mp4` is encoded as H.264 in the size of the first picture (made even); others are fitted into it. Sound is
 *   encoded as AAC.
 *
 * Sound has two channels and 48,000 samples a second, whatever comes, and lies beside the pictures of its time: where it
 * is missing the file has silence, up to ten minutes at once, and what was before the first picture is left out.
 *
 * The file stays playable whatever happens: it is written in fragments of a second, and ffmpeg completes it when this
 * process is killed.
 */
export class VideoRecorder {
  readonly #path: string
  readonly #format: RecordingFormat
  readonly #ffmpeg: Ffmpeg
  readonly #hasSound: NonNullable<VideoRecorderOptions['hasSound']> | undefined
  readonly #clock = new FrameClock()
  /** `undefined` once it is known that the file has none. */
  #sound: RecordedSound | undefined
  #starting: Promise<FedProcess> | undefined
  #exit: ProcessExit | undefined
  #closing: Promise<void> | undefined

  private constructor(
    path: string,
    format: RecordingFormat,
    ffmpeg: Ffmpeg,
    { hasSound, isReplay }: VideoRecorderOptions,
  ) {
    this.#path = path
    this.#format = format
    this.#ffmpeg = ffmpeg
    this.#hasSound = hasSound
    if (hasSound) this.#sound = new RecordedSound(this.#clock, isReplay)
  }

  /**
   * Creates the file, still empty, so that a name that cannot be written is known before the first frame.
   *
   * @throws {@link OptionError} `ERR_OPTION` when it exists already.
   * @throws {@link SinkError} `ERR_SINK` when it cannot be written.
   * @throws {@link SourceError} `ERR_FFMPEG` when there is no ffmpeg.
   */
  static async create(
    path: string,
    format: RecordingFormat,
    options: VideoRecorderOptions = {},
  ): Promise<VideoRecorder> {
    const ffmpeg = await findFfmpeg()
    const file = await createNewFile(path)
    await file.close()
    return new VideoRecorder(path, format, ffmpeg, options)
  }

  /** True when the file has a track for sound, or may have one; false once it is known that it has none. */
  get takesSound(): boolean {
    return this.#sound !== undefined
  }

  /** True once sound was written. */
  get hasHeard(): boolean {
    return this.#sound?.hasCome ?? false
  }

  /**
   * Adds a frame; resolves when ffmpeg has accepted it.
   *
   * @throws {@link SinkError} `ERR_SINK` when ffmpeg has ended, for example on a full disk.
   */
  async write(frame: Frame): Promise<void> {
    if (this.#closing) throw new SinkError(`the recording ${this.#path} is complete: nothing can be added`)
    this.#starting ??= this.#start(frame)
    const ffmpeg = await this.#starting
    this.#throwIfEnded()
    const timestampMs = this.#clock.timestampMs(frame.time)
    await ffmpeg.feed(matroskaPictureHead(timestampMs, frame.data.byteLength), frame.data)
    if (this.#sound) await this.#feedSound(ffmpeg, this.#sound.pass(timestampMs))
    this.#throwIfEnded()
  }

  /**
   * Adds sound; resolves when ffmpeg has accepted it. What comes before the first frame is left out.
   *
   * @param block - Of format `s16`.
   * @throws {@link SinkError} `ERR_SINK` when ffmpeg has ended.
   */
  async writeSound(block: SoundBlock): Promise<void> {
    if (!this.#sound || !this.#starting || this.#closing) return
    const ffmpeg = await this.#starting
    this.#throwIfEnded()
    if (this.#sound) await this.#feedSound(ffmpeg, this.#sound.add(block))
    this.#throwIfEnded()
  }

  /**
   * Completes the file, or removes it when no frame came. May be called twice.
   *
   * @throws {@link SinkError} `ERR_SINK` when ffmpeg could not write everything.
   */
  close(): Promise<void> {
    this.#closing ??= this.#complete()
    return this.#closing
  }

  async #feedSound(ffmpeg: FedProcess, packets: Iterable<SoundPacket>): Promise<void> {
    for (const { timestampMs, data } of packets)
      await ffmpeg.feed(matroskaSoundHead(timestampMs, data.byteLength), data)
  }

  async #start(first: Frame): Promise<FedProcess> {
    if (!(await this.#hasSound?.())) this.#sound = undefined
    const hasSound = this.#sound !== undefined
    const encoding = this.#format === 'mp4' ? this.#mp4Options(first) : MKV_OPTIONS
    const creation = ['-metadata', `creation_time=${isoTime(first.time)}`]
    const sound = hasSound ? [...SOUND_OPTIONS, ...(this.#format === 'mp4' ? MP4_SOUND_OPTIONS : [])] : []
    const args = [
      ...INPUT_OPTIONS,
      ...sound,
      ...creation,
      ...encoding,
      '-flush_packets',
      '1',
      `file:${this.#path}`,
    ]
    const ffmpeg = await FedProcess.start(this.#ffmpeg.path, args)
    void ffmpeg.exited.then((exit) => (this.#exit = exit))
    await ffmpeg.feed(matroskaHead(first, hasSound ? STEREO_48K : undefined))
    return ffmpeg
  }

  #mp4Options({ width, height }: Frame): string[] {
    // H.264 in 4:2:0 requires even sizes.
    const box = `${width + (width % 2)}:${height + (height % 2)}`
    const fit = `scale=${box}:force_original_aspect_ratio=decrease,pad=${box}:(ow-iw)/2:(oh-ih)/2,setsar=1`
    return [...this.#ffmpeg.passthroughOptions, ...MP4_OPTIONS, '-vf', fit, '-f', 'mp4']
  }

  #throwIfEnded(): void {
    if (this.#exit) throw this.#failure(this.#exit)
  }

  async #complete(): Promise<void> {
    const ffmpeg = await this.#starting?.catch(() => undefined)
    if (!ffmpeg) return rm(this.#path, { force: true })
    if (this.#sound) await this.#feedSound(ffmpeg, this.#sound.end())
    const exit = await ffmpeg.end(COMPLETE_WITHIN_MS)
    if (exit.code !== 0) throw this.#failure(exit)
  }

  #failure({ code, signal, lastLines }: ProcessExit): SinkError {
    const reason =
      failureReason(lastLines, `file:${this.#path}`) ??
      (signal ? `ended by ${signal}` : `exit status ${code}`)
    return new SinkError(`ffmpeg stopped writing ${this.#path}: ${reason}`)
  }
}

/** The time in the format that ffmpeg reads; a time outside the calendar becomes the current time. */
function isoTime(time: number): string {
  const date = new Date(time * 1000)
  return Number.isNaN(date.getTime()) ? 'now' : date.toISOString()
}
