import { readdir, readFile } from 'node:fs/promises'
import { findFfmpeg } from '../ffmpeg/find-ffmpeg.ts'
import { runFfmpeg } from '../ffmpeg/run-ffmpeg.ts'

/** A camera or screen that can be captured. */
export interface CaptureDevice {
  readonly kind: 'camera' | 'screen'
  /** The argument of `zcast publish video`: `camera:/dev/video0`, `screen::0`. */
  readonly source: string
  /** The system's name for it. */
  readonly name: string
}

/** The cameras and screens of this machine; empty when none is found. @throws {@link SourceError} `ERR_FFMPEG`. */
export async function listDevices(): Promise<CaptureDevice[]> {
  if (process.platform === 'darwin') return parseAvfoundation(await askFfmpeg('avfoundation'))
  if (process.platform === 'win32') return parseDshow(await askFfmpeg('dshow'))
  return [...(await listVideo4linux('/sys/class/video4linux')), ...(await listDisplays('/tmp/.X11-unix'))]
}

/** ffmpeg lists its devices while failing to open a device that does not exist. */
async function askFfmpeg(format: string): Promise<string> {
  const { path } = await findFfmpeg()
  return (await runFfmpeg(path, ['-hide_banner', '-f', format, '-list_devices', 'true', '-i', ''])).stderr
}

/**
 * Reads the kernel's list of video devices.
 *
 * @param folder - `/sys/class/video4linux`. Only the first node of a camera gives pictures; the others give metadata.
 */
export async function listVideo4linux(folder: string): Promise<CaptureDevice[]> {
  const nodes = await readdir(folder).catch(() => [])
  const devices: CaptureDevice[] = []
  for (const node of nodes.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))) {
    const read = (file: string): Promise<string> =>
      readFile(`${folder}/${node}/${file}`, 'utf8').catch(() => '')
    if (!/^video\d+$/.test(node) || Number((await read('index')) || 0) !== 0) continue
    const name = printable(await read('name')) || node
    devices.push({ kind: 'camera', source: `camera:/dev/${node}`, name })
  }
  return devices
}

/** Lists the X displays that have a socket. @param folder - `/tmp/.X11-unix`. */
export async function listDisplays(folder: string): Promise<CaptureDevice[]> {
  const sockets = await readdir(folder).catch(() => [])
  return sockets
    .flatMap((socket) => /^X(\d+)$/.exec(socket)?.[1] ?? [])
    .map((number) => ({ kind: 'screen', source: `screen::${number}`, name: `X display :${number}` }))
}

/** Parses ffmpeg's list on macOS: `[AVFoundation ...] [0] FaceTime HD Camera`, up to the audio devices. */
export function parseAvfoundation(text: string): CaptureDevice[] {
  const video = text.split(/AVFoundation audio devices/, 1)[0] as string
  return [...video.matchAll(/\] \[(\d+)\] (.+)$/gm)].map(([, number, name = '']) => {
    const screen = /^Capture screen (\d+)/.exec(name)
    return screen
      ? { kind: 'screen', source: `screen:${screen[1]}`, name: printable(name) }
      : { kind: 'camera', source: `camera:${number}`, name: printable(name) }
  })
}

/** Parses ffmpeg's list on Windows: up to ffmpeg 4 under a title, from 5 on with `(video)` after the name. */
export function parseDshow(text: string): CaptureDevice[] {
  const video = text.split(/DirectShow audio devices/, 1)[0] as string
  const cameras = [...video.matchAll(/\] +"([^"]+)"(?: \((\w+)[^)]*\))?\s*$/gm)]
    .filter(([, , kind]) => kind === undefined || kind === 'video')
    .map(([, name = '']) => ({ kind: 'camera', source: `camera:${name}`, name: printable(name) }) as const)
  return [...cameras, { kind: 'screen', source: 'screen', name: 'the desktop' }]
}

/** Names come from the devices themselves, and are shown on a terminal. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ').trim()
}
