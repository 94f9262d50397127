import { OptionError } from '@zcast/shared'
import { findFfmpeg } from '../ffmpeg/find-ffmpeg.ts'
import { runFfmpeg } from '../ffmpeg/run-ffmpeg.ts'

/** ffmpeg's arguments for opening a device. */
export interface CaptureInput {
  /** The argument of `-i`. */
  readonly input: string
  /** Options before `-i`. */
  readonly inputOptions: readonly string[]
}

/** The settings requested from a device; each is left to the device unless given. */
export interface CaptureWishes {
  /** Frames a second. */
  readonly fps?: number | undefined
  /** Pixels. */
  readonly width?: number | undefined
  /** Pixels. Default: 9/16 of the width. */
  readonly height?: number | undefined
}

/** The values of `process.platform` that matter here; anything else counts as Linux or another Unix. */
export type CapturePlatform = NodeJS.Platform

/**
 * The arguments that open a camera.
 *
 * @param device - `/dev/video0`, or a name or number from `zcast devices`; `''` is the first camera.
 * @param motionJpeg - Request the camera's own JPEG pictures; this fails when the camera has none.
 */
export function cameraInput(
  device: string,
  wishes: CaptureWishes,
  motionJpeg: boolean,
  platform: CapturePlatform = process.platform,
): CaptureInput {
  const asked = [...rate(wishes), ...size(wishes)]
  if (platform === 'darwin') {
    // AVFoundation has no default rate, and refuses a rate that the camera lacks; most cameras have 30.
    const framerate = wishes.fps === undefined ? ['-framerate', '30'] : []
    return { input: `${device || '0'}:none`, inputOptions: ['-f', 'avfoundation', ...framerate, ...asked] }
  }
  if (platform === 'win32') {
    if (device === '')
      throw new OptionError('name the camera as "zcast devices" does, such as camera:"USB Camera"')
    const codec = motionJpeg ? ['-vcodec', 'mjpeg'] : []
    return { input: `video=${device}`, inputOptions: ['-f', 'dshow', ...codec, ...asked] }
  }
  const format = motionJpeg ? ['-input_format', 'mjpeg'] : []
  return { input: device || '/dev/video0', inputOptions: ['-f', 'v4l2', ...format, ...asked] }
}

/** True when cameras on this platform can be asked for their own JPEG pictures. */
export function camerasGiveJpeg(platform: CapturePlatform = process.platform): boolean {
  return platform !== 'darwin'
}

/**
 * The arguments that capture a screen.
 *
 * @param screen - X11: a display and offset, `:1.0+100,200`; macOS: the number of a screen; `''` is the main screen.
 *   Windows: `+100,200`.
 * @param wishes - `width` and `height` are those of the captured area; by default the whole screen.
 * @throws {@link OptionError} when it is not a screen; {@link SourceError} `ERR_FFMPEG`.
 */
export async function screenInput(
  screen: string,
  wishes: CaptureWishes,
  platform: CapturePlatform = process.platform,
): Promise<CaptureInput> {
  const framerate = ['-framerate', String(wishes.fps ?? 30)]
  if (platform === 'darwin') {
    const number = screen || '0'
    const input = /^\d+$/.test(number) ? `Capture screen ${number}:none` : `${number}:none`
    return { input, inputOptions: ['-f', 'avfoundation', ...framerate, '-capture_cursor', '1'] }
  }
  const match = /^(.*?)(?:\+(\d+),(\d+))?$/.exec(screen)
  const [x, y] = [Number(match?.[2] ?? 0), Number(match?.[3] ?? 0)]
  if (platform === 'win32') {
    const offset = ['-offset_x', String(x), '-offset_y', String(y)]
    return { input: 'desktop', inputOptions: ['-f', 'gdigrab', ...framerate, ...offset, ...size(wishes)] }
  }
  const display = match?.[1] || process.env['DISPLAY']
  if (!display)
    throw new OptionError('there is no screen: DISPLAY is not set, so name one, such as screen::0.0')
  const input = `${display}+${x},${y}`
  const area = wishes.width === undefined ? await wholeScreen(display, x, y) : size(wishes)
  return { input, inputOptions: ['-f', 'x11grab', ...framerate, ...area] }
}

/** ffmpeg 4 captures 640x480 of a screen unless given its size, which its error names when too much is requested. */
async function wholeScreen(display: string, x: number, y: number): Promise<string[]> {
  const { path } = await findFfmpeg()
  const asked = ['-hide_banner', '-nostdin', '-f', 'x11grab', '-video_size', '32000x32000', '-i', display]
  const { stderr } = await runFfmpeg(path, [...asked, '-frames:v', '1', '-f', 'null', '-'])
  const found = /screen size (\d+)x(\d+)/.exec(stderr)
  if (!found) return []
  const [width, height] = [Number(found[1]) - x, Number(found[2]) - y]
  return width > 0 && height > 0 ? ['-video_size', `${width}x${height}`] : []
}

function rate({ fps }: CaptureWishes): string[] {
  return fps === undefined ? [] : ['-framerate', String(fps)]
}

function size({ width, height }: CaptureWishes): string[] {
  if (width === undefined) return []
  return ['-video_size', `${width}x${height ?? Math.round((width * 9) / 16)}`]
}
