import { parse } from 'node:path'
import { wallClock } from '@zcast/shared'
import type { ChatLine, Film } from '../../src/messages/room-messages.ts'
import { paintStill } from './film-still.ts'
import { ScriptedRoom } from './scripted-room.ts'

const FILMS: readonly (readonly [string, number, number, number, string?])[] = [
  ['The long way north.mp4', 1312, 412_000_000, 200],
  ['Tidal.mkv', 428, 96_400_000, 170, 'ben'],
  ['A walk in the old town.mp4', 95, 18_700_000, 30],
  ['Snow 4.webm', 31, 2_900_000, 250, 'cleo'],
]
const SAID: readonly (readonly [string, string])[] = [
  ['ben', 'Everyone here?'],
  ['cleo', 'yes! popcorn is ready 🍿'],
  ['ben', 'I uploaded Tidal as well, for afterwards.'],
  ['ben', 'It is short.'],
  ['dara', 'Is this the director’s cut? There is a page on it: https://example.org/films/the-long-way-north'],
  ['cleo', 'Shh, it begins'],
  ['ben', 'That light on the ridge, how did they do that?'],
  ['dara', 'They waited for eleven days, it says there.'],
]

/**
 * A room in the middle of a film, with four people in it: as it is shown in pictures.
 *
 * @param posterWidth - Pixels. Default few, which are painted quickly.
 */
export async function movieNight(posterWidth = 64): Promise<ScriptedRoom> {
  const now = wallClock()
  const films = FILMS.map(([name, seconds, bytes, , by]): Film => ({
    id: name,
    name: parse(name).name,
    seconds,
    bytes,
    width: 1920,
    height: 1080,
    hasSound: true,
    ...(by !== undefined && { by }),
  }))
  const chat = SAID.map(([name, text], index): ChatLine => ({
    id: index + 1,
    time: now - 420 + index * 45,
    guest: `id of ${name}`,
    name,
    text,
  }))
  const guest = (name: string, more = {}) => ({
    id: `id of ${name}`,
    name,
    isHost: name === 'ben',
    isMuted: false,
    ...more,
  })
  const room = await ScriptedRoom.open({
    room: 'main',
    films,
    chat,
    guests: [
      guest('ben', { camera: 'ben', microphone: 'ben' }),
      guest('cleo', { camera: 'cleo' }),
      guest('dara', { isTerminal: true }),
    ],
    screen: {
      film: 'The long way north.mp4',
      name: 'The long way north',
      isLive: false,
      isPlaying: true,
      isWaiting: false,
      position: 316,
      time: now,
      seconds: 1312,
      by: 'ben',
    },
    voices: [{ id: 'v', guest: 'id of cleo', name: 'cleo', seconds: 600, time: now - 3 }],
  })
  for (const [name, , , hue] of FILMS) room.setPoster(name, (await paintStill(hue, posterWidth)).data)
  return room
}
