import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'
import { SourceError } from '@zcast/shared'
import { bundledFfmpegPath } from './ffmpeg.ts'
import { runFfmpeg } from './run-ffmpeg.ts'

/** An ffmpeg that has been run successfully on this machine. */
export interface Ffmpeg {
  /** Absolute path. */
  readonly path: string
  /** The version as ffmpeg prints it: `5.1.9-0+deb12u1`, `n7.1`, `N-47683-g0e8eb07980-static`. */
  readonly version: string
  /** True for the one that npm installed, false for the system's. */
  readonly bundled: boolean
  /** True when it has the zscale filter, which converts colours faster than scale. */
  readonly hasZscale: boolean
  /** True when it has the tonemap filter, which HDR needs. */
  readonly hasTonemap: boolean
  /** True when it has the libvpx decoders, the only ones that read the transparency of VP8 and VP9. */
  readonly hasLibvpx: boolean
  /** The options that pass on every decoded picture, without dropping or repeating any. */
  readonly passthroughOptions: readonly string[]
}

let found: Promise<Ffmpeg> | undefined

/**
 * Finds the ffmpeg to use: the system's when `PATH` has one that runs, otherwise the one that npm installed. Searches
 * once per process, unless the search failed.
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

/**
 * One line for `--verbose` that says which ffmpeg is used. @throws {@link SourceError} `ERR_FFMPEG` when there is none.
 */
export async function describeFfmpeg(): Promise<string> {
  const { path, version, bundled } = await findFfmpeg()
  return `ffmpeg ${version} at ${path}${bundled ? ' (installed by npm; the system has none)' : ''}`
}

/**
 * {@link findFfmpeg} without its cache.
 *
 * @param searchPath - Folders, separated as in `PATH`. Relative ones are skipped: programs in the current folder must
 *   not be run.
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

/**
 * `-fps_mode` came with 5.1, and `-vsync` is removed after 7. libavutil tells the release when a build does not name
 * one: 56 is 4.x, 58 is 6.x.
 */
function passthroughOptions(versionText: string): string[] {
  const libavutil = Number(/^\s*libavutil\s+(\d+)\./m.exec(versionText)?.[1] ?? 56)
  return [libavutil >= 58 ? '-fps_mode' : '-vsync', 'passthrough']
}
