import { toNumber, type VideoInfo } from '@zcast/media'
import type { Log } from '@zcast/shared'
import { SoundFileSource } from '@zcast/publisher/audio'
import { type ClipCache, VideoFileSource } from '@zcast/publisher/video'
import type { FilmReel } from '../screen/reel.ts'
import { checkFilm } from './check-film.ts'
import type { ListedFilm } from './film-library.ts'
import { withoutPath } from './without-path.ts'

/** All films have the same shape of sound, so that players need not begin anew with each. */
const shape = { rate: 48_000, channels: 2 }

/** What {@link openReel} needs besides the film. */
export interface ReelOptions {
  /** Pixels; larger films are made smaller. */
  readonly maxWidth: number
  readonly cache: ClipCache | undefined
  readonly log: Log
}

/** A film of the folder, ready to be put on air. */
export function openReel(listed: ListedFilm, { maxWidth, cache, log }: ReelOptions): FilmReel {
  const { film, info } = listed
  const { path } = listed.file
  let pictures: Promise<VideoFileSource> | undefined
  const open = async (): Promise<VideoFileSource> => {
    const width = film.width > maxWidth ? maxWidth : undefined
    return VideoFileSource.open(path, { loop: false, info, width, cache, log })
  }
  const sound = film.hasSound ? { path: info.path, ...shape, duration: info.duration } : undefined
  const forget = (): void => void (pictures = undefined)
  return {
    kind: 'film',
    id: film.id,
    name: film.name,
    seconds: film.seconds > 0 ? film.seconds : undefined,
    hasSound: film.hasSound,
    isKept: cache !== undefined && estimateBytes(info, Math.min(film.width, maxWidth)) <= cache.limitBytes,
    openPictures: async () => {
      await checkFilm(listed)
      pictures ??= open()
      pictures.catch(forget)
      return pictures
    },
    openSound: async (options) => {
      await checkFilm(listed)
      return SoundFileSource.open(path, { ...options, info: sound, ...shape, loop: false, log })
    },
    fail: (error) => {
      forget()
      if (error.code === 'ERR_FFMPEG')
        return `"${film.name}" cannot be shown: ffmpeg does not run where the room is, whose log says why`
      return withoutPath(error.message, path, film.name)
    },
  }
}

/** Real clips take 0.04 to 0.18 bytes a pixel at quality 80. */
const BYTES_A_PIXEL = 0.1

/** The bytes of all pictures: one that does not fit would drive all others out of the cache in vain. */
function estimateBytes(
  { width, height, framesPerSecond, duration = Infinity }: VideoInfo,
  shown: number,
): number {
  const pixels = shown * ((height * shown) / width)
  return pixels * toNumber(framesPerSecond) * duration * BYTES_A_PIXEL
}
