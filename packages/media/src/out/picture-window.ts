import { SinkError } from '@zcast/shared'
import { failureReason } from '../ffmpeg/failure-reason.ts'
import { FedProcess } from '../ffmpeg/fed-process.ts'
import { findFfplay } from '../ffmpeg/find-ffplay.ts'
import type { ProcessExit } from '../ffmpeg/process-exit.ts'
import { WindowTitle } from './window-title.ts'

type Environment = Readonly<Record<string, string | undefined>>

// With -autoexit the end of the input ends ffplay: no window is left over when this process is killed.
const FFPLAY_OPTIONS = [
  '-hide_banner -loglevel error -nostats -fflags nobuffer -flags low_delay -probesize 32 -analyzeduration 0',
  '-infbuf -framedrop -use_wallclock_as_timestamps 1 -threads 1 -an -autoexit',
].flatMap((options) => options.split(' '))
const FFPLAY_INPUT = ['-f', 'mpjpeg', '-i', 'pipe:0']

/**
 * A still picture is sent again this often: ffplay notices that its window was closed only when it has something to
 * read, and would otherwise stay, frozen, until the stream continues.
 */
const REPEAT_MS = 500

/** Options of {@link PictureWindow.open}. */
export interface PictureWindowOptions {
  /** The window's title, such as "Client 1". */
  readonly title: string
  /**
   * Called once when the window is gone without {@link PictureWindow.close}: without an argument when a person closed
   * it, otherwise with the reason.
   */
  readonly onClosed: (error?: SinkError) => void
  /** The environment from which `PATH`, `DISPLAY` and `WAYLAND_DISPLAY` are read. Default `process.env`. */
  readonly environment?: Environment | undefined
}

/**
 * A native window that shows JPEG pictures, using ffplay. Given the times of arrival, it shows a picture within 35 ms;
 * without them it assumes 25 per second and falls behind.
 */
export class PictureWindow {
  readonly #ffplay: FedProcess
  readonly #title: Promise<WindowTitle | undefined>
  #failure: SinkError | undefined
  #closing = false
  #isGone = false
  #hasShown = false
  #repeating: NodeJS.Timeout | undefined

  private constructor(
    ffplay: FedProcess,
    environment: Environment,
    onClosed: PictureWindowOptions['onClosed'],
  ) {
    this.#ffplay = ffplay
    this.#title = WindowTitle.open(ffplay.pid, environment)
    void ffplay.exited.then((exit) => {
      this.#isGone = true
      clearTimeout(this.#repeating)
      if (this.#closing) return
      this.#failure = exit.code === 0 ? undefined : windowError(exit)
      onClosed(this.#failure)
    })
  }

  /** @throws {@link SinkError} `ERR_SINK` when there is no ffplay, or no display to open a window on. */
  static async open({
    title,
    onClosed,
    environment = process.env,
  }: PictureWindowOptions): Promise<PictureWindow> {
    const hasDisplay = environment['DISPLAY'] || environment['WAYLAND_DISPLAY']
    if (!hasDisplay && process.platform !== 'win32' && process.platform !== 'darwin') {
      throw new SinkError(
        'there is no display to open a window on (DISPLAY and WAYLAND_DISPLAY are not set): choose --show web or --show terminal',
      )
    }
    const path = await findFfplay(environment['PATH'] ?? '')
    if (path === undefined) {
      throw new SinkError(
        'a window needs ffplay, which is not installed: install ffmpeg with ffplay so that it is in PATH, or choose --show web',
      )
    }
    return new PictureWindow(
      await FedProcess.start(
        path,
        [...FFPLAY_OPTIONS, '-window_title', title, ...FFPLAY_INPUT],
        videoDriver(environment),
      ),
      environment,
      onClosed,
    )
  }

  /** The pid of ffplay. */
  get pid(): number {
    return this.#ffplay.pid
  }

  /**
   * Shows a picture; resolves when ffplay has accepted it, or at once when the window was closed.
   *
   * @throws {@link SinkError} `ERR_SINK` when ffplay has failed.
   */
  async show(jpeg: Uint8Array): Promise<void> {
    if (this.#failure) throw this.#failure
    const head = `--ffmpeg\r\nContent-type: image/jpeg\r\nContent-length: ${jpeg.byteLength}\r\n\r\n`
    const part = [Buffer.from(head), jpeg, Buffer.from('\r\n')]
    // With `-fflags nobuffer` ffplay discards the picture from which it recognised the format, and a still stream may
    // have no other.
    const first = this.#hasShown ? [] : part
    this.#hasShown = true
    await this.#feed(part, first)
  }

  /** Changes the title, on displays that speak X11; elsewhere the window keeps its first title. */
  async setTitle(title: string): Promise<void> {
    await (await this.#title)?.set(title)
  }

  /** Closes the window; resolves when its process has exited. May be called twice. */
  async close(): Promise<void> {
    this.#closing = true
    clearTimeout(this.#repeating)
    await this.#ffplay.kill()
    ;(await this.#title)?.close()
  }

  async #feed(part: readonly Uint8Array[], before: readonly Uint8Array[] = []): Promise<void> {
    clearTimeout(this.#repeating)
    await this.#ffplay.feed(...before, ...part)
    clearTimeout(this.#repeating)
    if (this.#closing || this.#isGone) return
    this.#repeating = setTimeout(() => void this.#feed(part), REPEAT_MS).unref()
  }
}

function windowError({ code, signal, lastLines }: ProcessExit): SinkError {
  const reason = failureReason(lastLines, 'pipe:0') ?? (signal ? `ended by ${signal}` : `exit status ${code}`)
  return new SinkError(`ffplay ended: ${reason} (--show web needs no window)`)
}

/**
 * When no display answers, ffplay's window library falls back to a driver that shows nothing, and ffplay runs on unseen
 * (seen with 5.1). When told which drivers to use, it fails and says why.
 */
function videoDriver(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  if (process.platform !== 'linux' || environment['SDL_VIDEODRIVER']) return {}
  // X11 first, even where Wayland is also present: only X11 allows changing the title.
  const drivers = [environment['DISPLAY'] && 'x11', environment['WAYLAND_DISPLAY'] && 'wayland']
  return { SDL_VIDEODRIVER: drivers.filter(Boolean).join(',') }
}
