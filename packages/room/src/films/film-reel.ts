import type { Log } from '@zcast/shared'
import { SoundFileSource } from '@zcast/publisher/audio'
import { type ClipCache, VideoFileSource } from '@zcast/publisher/video'
import type { Film } from '../messages/room-messages.ts'
import type { FilmReel } from '../screen/reel.ts'
import { withoutPath } from './without-path.ts'

/** All films have the same shape of sound, so that players need not begin anew with each. */
const RATE = 48_000
const CHANNELS = 2

/** What {@link openReel} needs besides the film. */
export interface ReelOptions {
  readonly path: string
  /** Checks that the file is still that of the folder. @throws {@link SourceError} when it is not. */
  readonly check: () => Promise<void>
  /** Pixels; larger films are made smaller. */
  readonly maxWidth: number
  readonly cache: ClipCache
  readonly log: Log
}

/** A film of the folder, ready to be put on air. */
export function openReel(film: Film, { path, check, maxWidth, cache, log }: ReelOptions): FilmReel {
  let pictures: Promise<VideoFileSource> | undefined
  const open = async (): Promise<VideoFileSource> => {
    const width = film.width > maxWidth ? maxWidth : undefined
    await check()
    return VideoFileSource.open(path, { loop: false, width, cache, log })
  }
  const forget = (): void => void (pictures = undefined)
  return {
    kind: 'film',
    id: film.id,
    name: film.name,
    seconds: film.seconds > 0 ? film.seconds : undefined,
    hasSound: film.hasSound,
    openPictures: () => {
      pictures ??= open()
      pictures.catch(forget)
      return pictures
    },
    openSound: async (options) =>
      SoundFileSource.open(path, { ...options, rate: RATE, channels: CHANNELS, loop: false, log }),
    fail: (error) => {
      forget()
      return withoutPath(error.message, path, film.name)
    },
  }
}
