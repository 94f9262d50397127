import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'
import { SourceError } from '@zcast/shared'
import { bundledFfmpegPath } from './ffmpeg.ts'
import { runFfmpeg } from './run-ffmpeg.ts'

/** An ffmpeg that was seen to run on this machine. */
export interface Ffmpeg {
  /** Absolute path. */
  readonly path: string
  /** As it calls itself: `5.1.9-0+deb12u1`, `n7.1`, `N-47683-g0e8eb07980-static`. */
  readonly version: string
  /** Whether it is the one that npm installed, rather than the system's. */
  readonly bundled: boolean
  /** Whether it has the zscale filter, which converts colours in less time than scale. */
  readonly hasZscale: boolean
  /** Whether it has the tonemap filter, which HDR needs. */
  readonly hasTonemap: boolean
  /** Whether it has the decoders of libvpx, which alone read the transparency of VP8 and VP9. */
  readonly hasLibvpx: boolean
  /** The options that pass every decoded picture on, none dropped or repeated. */
  readonly passthroughOptions: readonly string[]
}

let found: Promise<Ffmpeg> | undefined

/**
 * The ffmpeg to use: the system's where `PATH` has one that runs, else the one that npm installed. Looked for once in
 * a process, unless that failed.
 *
 * @throws {@link SourceError} `ERR_FFMPEG` when there is none.
 */
export function findFfmpeg(): Promise<Ffmpeg> {
  found ??= locateFfmpeg(process.env['PATH'] ?? '').catch((error: unknown) => {
    found = undefined
    throw error
  })
  return found
}

/** One line for `--verbose`: which ffmpeg runs. @throws {@link SourceError} `ERR_FFMPEG` when there is none. */
export async function describeFfmpeg(): Promise<string> {
  const { path, version, bundled } = await findFfmpeg()
  return `ffmpeg ${version} at ${path}${bundled ? ' (installed by npm; the system has none)' : ''}`
}

/**
 * {@link findFfmpeg} without the memory.
 *
 * @param searchPath - Folders, separated as in `PATH`. Relative ones are left out: what lies in the current folder is
 *   not to be run.
 */
export async function locateFfmpeg(searchPath: string): Promise<Ffmpeg> {
  const name = process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg'
  for (const folder of searchPath.split(delimiter).filter((folder) => isAbsolute(folder))) {
    const ffmpeg = await tryFfmpeg(join(folder, name), false)
    if (ffmpeg) return ffmpeg
  }
  const bundled = await bundledFfmpegPath()
  const ffmpeg = bundled === undefined ? undefined : await tryFfmpeg(bundled, true)
  if (ffmpeg) return ffmpeg
  throw new SourceError(
    'ERR_FFMPEG',
    'no ffmpeg was found that runs on this machine: install ffmpeg so that it is in PATH',
  )
}

async function tryFfmpeg(path: string, bundled: boolean): Promise<Ffmpeg | undefined> {
  try {
    await access(path, constants.X_OK)
    const version = await runFfmpeg(path, ['-hide_banner', '-version'])
    if (version.code !== 0) return undefined
    const filters = await runFfmpeg(path, ['-hide_banner', '-filters'])
    const hasFilter = (name: string): boolean => new RegExp(`^ \\S+ ${name} `, 'm').test(filters.stdout)
    return {
      path,
      version: /^ffmpeg version (\S+)/m.exec(version.stdout)?.[1] ?? 'of unknown version',
      bundled,
      hasZscale: hasFilter('zscale'),
      hasTonemap: hasFilter('tonemap'),
      hasLibvpx: /\s--enable-libvpx\b/.test(version.stdout),
      passthroughOptions: passthroughOptions(version.stdout),
    }
  } catch {
    return undefined
  }
}

/** `-fps_mode` came with 5.1, `-vsync` goes after 7. libavutil tells the release where a build names none: 56 is 4.x, 58 is 6.x. */
function passthroughOptions(versionText: string): string[] {
  const libavutil = Number(/^\s*libavutil\s+(\d+)\./m.exec(versionText)?.[1] ?? 56)
  return [libavutil >= 58 ? '-fps_mode' : '-vsync', 'passthrough']
}
