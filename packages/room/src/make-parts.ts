import { join } from 'node:path'
import { Cameras } from './cameras/index.ts'
import { ChatPart } from './chat/chat-part.ts'
import { ModerationPart } from './chat/moderation-part.ts'
import { UPLOADS_FOLDER } from './films/film-library.ts'
import { FilmsPart, type FilmsOptions } from './films/films-part.ts'
import type { RoomContext, RoomPart } from './room-part.ts'
import { ScreenPart } from './screen/screen-part.ts'
import { StreamsPart } from './streams/streams-part.ts'
import { EchoPart, type EchoOptions } from './voice/echo/echo-part.ts'
import { Uploads } from './uploads/index.ts'
import { VoicePart } from './voice/voice-part.ts'

/** Options of the parts of a room. */
export interface PartsOptions extends FilmsOptions {
  /** The most that all uploads together may have, in bytes. Default 20 GiB. */
  readonly maxFolderBytes?: number | undefined
  /** Where the old voice programs come in. Default: nowhere. */
  readonly echo?: EchoOptions | undefined
}

/** Makes the parts of a room, in the order in which they are opened. A new part is a line here. */
export function makeParts(
  context: RoomContext,
  options: PartsOptions,
): { readonly parts: readonly RoomPart[]; readonly echo: EchoPart | undefined } {
  const moderation: ModerationPart = new ModerationPart(context, (id) => chat.nameOf(id))
  const chat: ChatPart = new ChatPart(context, moderation)
  const films = new FilmsPart(context, options)
  const screen = new ScreenPart(context, films)
  const streams = new StreamsPart(context)
  const voices = new VoicePart(context)
  const echo = options.echo && new EchoPart(context, voices, options.echo)
  const { maxFolderBytes } = options
  const uploads = new Uploads(context, {
    folder: join(context.folder, UPLOADS_FOLDER),
    maxFolderBytes,
    added: (file, by) => films.added(file, by),
  })
  const cameras = new Cameras(context)
  const parts = [chat, moderation, films, screen, streams, uploads, voices, cameras]
  return { parts: echo ? [...parts, echo] : parts, echo }
}
