import { checkRenditions } from '@zcast/publisher'
import type { ClipCache } from '@zcast/publisher/video'
import { type Log, OptionError } from '@zcast/shared'
import type { Arguments } from '../reading/arguments.ts'

/** {@link VIDEO_OPTIONS}, read and checked. */
export interface VideoOptions {
  /** Encode even when nobody watches. */
  readonly always: boolean
  /** Milliseconds. */
  readonly lingerMs: number
  /** Names such as `360p`, largest first. */
  readonly renditions: readonly string[]
  /** Bytes; `undefined` when nothing is to be stored. */
  readonly cacheBytes: number | undefined
  /** Seconds into a file; `undefined` when it was not given. */
  readonly start: number | undefined
}

/** @throws {@link OptionError} when one is wrong. */
export function readVideoOptions(args: Arguments): VideoOptions {
  const startMs = args.duration('start')
  return {
    always: args.flag('always') ?? false,
    lingerMs: args.duration('linger') ?? 10_000,
    renditions: checkRenditions(args.list('rendition')),
    cacheBytes: readCacheSize(args),
    start: startMs === undefined ? undefined : startMs / 1000,
  }
}

/** @throws {@link OptionError} when `start` is given and the source is not a file. */
export function refuseStart({ start }: VideoOptions, source: string): void {
  if (start === undefined) return
  throw new OptionError(`start applies to video files only, not to "${source}"`)
}

/** Opens the cache that the options request; `undefined` for none. */
export async function openCache(
  { cacheBytes }: Pick<VideoOptions, 'cacheBytes'>,
  log: Log,
): Promise<ClipCache | undefined> {
  if (cacheBytes === undefined) return undefined
  const video = await import('@zcast/publisher/video')
  return new video.ClipCache({ limitBytes: cacheBytes, log })
}

/** Reads `cache`. @throws {@link OptionError} when it is no size. */
export function readCacheSize(args: Arguments): number | undefined {
  return args.text('cache') === 'off' ? undefined : (args.byteSize('cache') ?? 2 ** 30)
}
