import { rm } from 'node:fs/promises'
import { type Frame, SinkError } from '@zcast/shared'
import { createNewFile } from '@zcast/shared/internal'
import { failureReason } from '../ffmpeg/failure-reason.ts'
import { FedProcess } from '../ffmpeg/fed-process.ts'
import type { ProcessExit } from '../ffmpeg/process-exit.ts'
import { findFfmpeg, type Ffmpeg } from '../ffmpeg/find-ffmpeg.ts'
import { FrameClock } from './frame-clock.ts'
import { matroskaHead, matroskaPictureHead } from './matroska-writer.ts'

// Every picture is complete and of known size: ffmpeg needs to see only the first one to begin.
const INPUT_OPTIONS =
  '-hide_banner -nostdin -nostats -loglevel error -y -probesize 32 -analyzeduration 0 -f matroska -i pipe:0 -map 0:v:0'.split(
    ' ',
  )
const MKV_OPTIONS = '-c:v copy -cluster_time_limit 1000 -f matroska'.split(' ')
// Without a time base of its own the encoder rounds times to a frame rate that ffmpeg guessed. Each key frame begins a
// fragment of the file, and a kill loses at most one fragment.
const MP4_OPTIONS = [
  '-enc_time_base 1:1000 -video_track_timescale 16000 -c:v libx264 -preset veryfast -tune zerolatency -crf 20',
  '-pix_fmt yuv420p -movflags +frag_keyframe+empty_moov+default_base_moof',
  '-force_key_frames expr:if(isnan(prev_forced_t),1,gte(t,prev_forced_t+1))',
].flatMap((options) => options.split(' '))
const COMPLETE_WITHIN_MS = 30_000

/** The format of a recording; see {@link VideoRecorder}. */
export type RecordingFormat = 'mp4' | 'mkv'

/**
 * Writes frames to a video file through ffmpeg, at their real times: a gap in the stream is a gap in the file, and the
 * frame rate may vary.
 *
 * - `mkv` holds the JPEG pictures exactly as they came, at no cost. A change of size is kept; not every player follows
 *   it.
 * - `mp4` is encoded as H.264 in the size of the first picture (made even); others are fitted into it.
 *
 * The file stays playable whatever happens: it is written in fragments of a second, and ffmpeg completes it when this
 * process is killed.
 */
export class VideoRecorder {
  readonly #path: string
  readonly #format: RecordingFormat
  readonly #ffmpeg: Ffmpeg
  readonly #clock = new FrameClock()
  #starting: Promise<FedProcess> | undefined
  #exit: ProcessExit | undefined
  #closing: Promise<void> | undefined

  private constructor(path: string, format: RecordingFormat, ffmpeg: Ffmpeg) {
    this.#path = path
    this.#format = format
    this.#ffmpeg = ffmpeg
  }

  /**
   * Creates the file, still empty, so that a name that cannot be written is known before the first frame.
   *
   * @throws {@link OptionError} `ERR_OPTION` when it exists already.
   * @throws {@link SinkError} `ERR_SINK` when it cannot be written.
   * @throws {@link SourceError} `ERR_FFMPEG` when there is no ffmpeg.
   */
  static async create(path: string, format: RecordingFormat): Promise<VideoRecorder> {
    const ffmpeg = await findFfmpeg()
    const file = await createNewFile(path)
    await file.close()
    return new VideoRecorder(path, format, ffmpeg)
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
    const head = matroskaPictureHead(this.#clock.timestampMs(frame.time), frame.data.byteLength)
    await ffmpeg.feed(head, frame.data)
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

  async #start(first: Frame): Promise<FedProcess> {
    const encoding = this.#format === 'mp4' ? this.#mp4Options(first) : MKV_OPTIONS
    const creation = ['-metadata', `creation_time=${isoTime(first.time)}`]
    const args = [...INPUT_OPTIONS, ...creation, ...encoding, '-flush_packets', '1', `file:${this.#path}`]
    const ffmpeg = await FedProcess.start(this.#ffmpeg.path, args)
    void ffmpeg.exited.then((exit) => (this.#exit = exit))
    await ffmpeg.feed(matroskaHead(first.width, first.height))
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
