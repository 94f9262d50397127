import { readdir, readFile } from 'node:fs/promises'
import { findFfmpeg } from '../ffmpeg/find-ffmpeg.ts'
import { runFfmpeg } from '../ffmpeg/run-ffmpeg.ts'

/** A camera, screen or microphone that can be captured. */
export interface CaptureDevice {
  readonly kind: 'camera' | 'screen' | 'microphone'
  /** What `zcast publish video` takes, `camera:/dev/video0` or `screen::0`; or `zcast publish audio`, `mic:NAME`. */
  readonly source: string
  /** The system's name for it. */
  readonly name: string
}

/** The cameras, screens and microphones of this machine; empty where none is found. @throws {@link SourceError} `ERR_FFMPEG`. */
export async function listDevices(): Promise<CaptureDevice[]> {
  if (process.platform === 'darwin') return parseAvfoundation(await askFfmpeg('avfoundation'))
  if (process.platform === 'win32') return parseDshow(await askFfmpeg('dshow'))
  return [
    ...(await listVideo4linux('/sys/class/video4linux')),
    ...(await listDisplays('/tmp/.X11-unix')),
    ...(await listMicrophones()),
  ]
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

async function listMicrophones(): Promise<CaptureDevice[]> {
  const { path } = await findFfmpeg()
  const { stdout, stderr } = await runFfmpeg(path, ['-hide_banner', '-sources', 'pulse'])
  const pulse = parseSources(stdout + stderr)
  return pulse.length > 0
    ? pulse
    : parseAlsaDevices(await readFile('/proc/asound/pcm', 'utf8').catch(() => ''))
}

/** Reads what `ffmpeg -sources pulse` lists: `* alsa_input.pci [Built-in Audio]`; monitors play back what is heard here. */
export function parseSources(text: string): CaptureDevice[] {
  return [...text.matchAll(/^[ *] (\S+) \[([^\n]*)\]/gm)]
    .filter(([, source = '']) => !source.endsWith('.monitor'))
    .map(([, source, name = '']) => ({ kind: 'microphone', source: `mic:${source}`, name: printable(name) }))
}

/** Reads the kernel's list of sound devices: `00-00: ALC257 Analog : ALC257 Analog : playback 1 : capture 1`. */
export function parseAlsaDevices(text: string): CaptureDevice[] {
  return [...text.matchAll(/^(\d+)-(\d+): ([^:\n]*?) :[^\n]*: capture /gm)].map(
    ([, card, device, name = '']) => ({
      kind: 'microphone',
      source: `mic:plughw:${Number(card)},${Number(device)}`,
      name: printable(name),
    }),
  )
}

/** Reads the list of macOS: `[AVFoundation ...] [0] FaceTime HD Camera`, first the pictures, then the sound. */
export function parseAvfoundation(text: string): CaptureDevice[] {
  const [video = '', audio = ''] = text.split('AVFoundation audio devices')
  const microphones = [...audio.matchAll(/\] \[(\d+)\] (.+)$/gm)].map(
    ([, number, name = '']) =>
      ({ kind: 'microphone', source: `mic:${number}`, name: printable(name) }) as const,
  )
  const pictures = [...video.matchAll(/\] \[(\d+)\] (.+)$/gm)].map(([, number, name = '']): CaptureDevice => {
    const screen = /^Capture screen (\d+)/.exec(name)
    return screen
      ? { kind: 'screen', source: `screen:${screen[1]}`, name: printable(name) }
      : { kind: 'camera', source: `camera:${number}`, name: printable(name) }
  })
  return [...pictures, ...microphones]
}

/** Parses ffmpeg's list on Windows: up to ffmpeg 4 under a title, from 5 on with `(video)` after the name. */
export function parseDshow(text: string): CaptureDevice[] {
  const [video = '', audio = ''] = text.split('DirectShow audio devices')
  const listed = (part: string): string[][] => [...part.matchAll(/\] +"([^"]+)"(?: \((\w+)[^)]*\))?\s*$/gm)]
  const of = (kind: 'camera' | 'microphone', entries: string[][]): CaptureDevice[] =>
    entries.map(([, name = '']) => ({
      kind,
      source: `${kind === 'camera' ? kind : 'mic'}:${name}`,
      name: printable(name),
    }))
  const cameras = listed(video).filter(([, , kind]) => kind === undefined || kind === 'video')
  const microphones = [...listed(video).filter(([, , kind]) => kind === 'audio'), ...listed(audio)]
  return [
    ...of('camera', cameras),
    { kind: 'screen', source: 'screen', name: 'the desktop' },
    ...of('microphone', microphones),
  ]
}

/** Names come from the devices themselves, and are shown on a terminal. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ').trim()
}
