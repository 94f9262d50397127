import { createHash } from 'node:crypto'
import { SourceError } from '@zcast/shared'
import { probeVideo, type VideoInfo } from '@zcast/media'
import type { Film } from '../messages/room-messages.ts'
import type { FoundFile } from './find-files.ts'
import { withoutPath } from '../without-path.ts'

/** A film that was looked at, or why it is none. */
export type FilmLook = { readonly film: Film; readonly info: VideoInfo } | { readonly refusal: string }

/** Options of {@link lookAtFilm}. */
export interface LookOptions {
  /** The name of the folder that it is in. */
  readonly root: string
  /** The name of who uploaded it. */
  readonly by: string | undefined
  readonly signal: AbortSignal
}

/** Pictures and texts that lie beside films, and are passed over without a word. */
const COMPANION = /\.(?:srt|vtt|ass|ssa|sub|idx|nfo|txt|md|jpe?g|png|webp|bmp|tiff?|json|url|part|tmp)$/i

/** Whether a file is what lies beside films, by its name. */
export function isCompanion(within: string): boolean {
  return COMPANION.test(within)
}

/** The id of a film: it stays the same as long as its file keeps its name, and tells nothing. */
function filmId(root: string, within: string): string {
  return createHash('sha256').update(`${root}\n${within}`).digest('base64url').slice(0, 16)
}

/** Looks at a file: ffmpeg decodes a picture of it. @throws {@link SourceError} when ffmpeg cannot be started. */
export async function lookAtFilm(
  { path, within, bytes }: FoundFile,
  { root, by, signal }: LookOptions,
): Promise<FilmLook> {
  try {
    const info = await probeVideo(path, { signal })
    const { width, height, duration, firstTime, hasSound } = info
    const seconds = duration === undefined ? 0 : Math.max(0, duration - firstTime)
    const name = within.replace(/\.[A-Za-z0-9]{1,5}$/, '')
    const id = filmId(root, within)
    return { film: { id, name, seconds, bytes, width, height, hasSound, by }, info }
  } catch (error) {
    if (!(error instanceof SourceError) || error.code === 'ERR_FFMPEG') throw error
    return { refusal: withoutPath(error.message, path, within) }
  }
}
