import { join } from 'node:path'
import { OptionError } from '@zcast/shared'
import { Cameras } from './cameras/index.ts'
import { ChatPart } from './chat/chat-part.ts'
import { ModerationPart } from './chat/moderation-part.ts'
import { UPLOADS_FOLDER } from './films/film-library.ts'
import { FilmsPart, type FilmsOptions } from './films/films-part.ts'
import type { RoomContext, RoomPart } from './room-part.ts'
import { ScreenPart } from './screen/screen-part.ts'
import { StreamsPart } from './streams/streams-part.ts'
import { checkEchoFormat } from './voice/echo/echo-format.ts'
import { EchoPart, type EchoOptions } from './voice/echo/echo-part.ts'
import { Uploads } from './uploads/index.ts'
import { VoicePart } from './voice/voice-part.ts'

/** Options of the parts of a room. */
export interface PartsOptions extends FilmsOptions {
  /** The largest upload, in bytes. Default 2 GiB. */
  readonly maxUploadBytes?: number | undefined
  /** The most that all uploads together may have, in bytes. Default 20 GiB. */
  readonly maxFolderBytes?: number | undefined
  /** Seconds until everybody hears a recording, 0 to 600. Default 10. */
  readonly echoDelaySeconds?: number | undefined
  /** Where the old voice programs come in. Default: nowhere. */
  readonly echo?: EchoOptions | undefined
}

/** Checks options before anything is opened. @throws {@link OptionError} when one is out of range. */
export function checkParts(options: PartsOptions): void {
  const { echo, echoDelaySeconds = 0, maxUploadBytes = 1, maxFolderBytes = 1, maxWidth = 16 } = options
  if (echo) checkEchoFormat(echo)
  checkRange('echoDelaySeconds', echoDelaySeconds, 0, 600)
  checkRange('maxUploadBytes', maxUploadBytes, 1, Number.MAX_SAFE_INTEGER)
  checkRange('maxFolderBytes', maxFolderBytes, 1, Number.MAX_SAFE_INTEGER)
  checkRange('maxWidth', maxWidth, 16, 8192)
}

function checkRange(name: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return
  throw new OptionError(`${name} must be ${least} to ${most}, got ${value}`)
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
