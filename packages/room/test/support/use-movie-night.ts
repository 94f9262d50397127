import { afterEach } from '@jest/globals'
import { movieNight } from './movie-night.ts'
import type { ScriptedRoom } from './scripted-room.ts'

/** A room in the middle of a film, closed after each test. @returns A function that opens one. */
export function useMovieNight(): () => Promise<ScriptedRoom> {
  let night: ScriptedRoom | undefined
  afterEach(async () => {
    await night?.close()
    night = undefined
  })
  return async () => (night = await movieNight())
}
