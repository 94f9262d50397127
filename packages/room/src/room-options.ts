import type { Log, NoticeBoard, Transport } from '@zcast/shared'
import { isLoopbackHost } from '@zcast/shared/internal'
import type { WebServerOptions } from '@zcast/web/internal'
import type { PartsOptions } from './make-parts.ts'
import type { RoomRules } from './messages/room-messages.ts'

/** Options of {@link Room.open}. */
export interface RoomOptions extends WebServerOptions, PartsOptions {
  /** The room's name, also that of its streams: 1 to 64 of `A-Z a-z 0-9 . _ -`. Default `main`. */
  readonly name?: string | undefined
  /** Where its topics are sent. Default `tcp://127.0.0.1:5560`. */
  readonly bind?: string | readonly string[] | undefined
  /** The folder of its own files: the chat, the clips of voices. */
  readonly folder: string
  /** The transport of its endpoints, with keys if it has some. Default: without keys. */
  readonly transport?: Transport | undefined
  /** A peer that answers no ping for this long is cut off, in milliseconds. Default 5000. */
  readonly heartbeatMs?: number | undefined
  /** The largest message of a peer, in bytes. Default 16 MiB. */
  readonly maxMessageBytes?: number | undefined
  /** Failures in this process, shown to hosts. Default: none. */
  readonly notices?: NoticeBoard | undefined
  /** Only hosts decide what is on air. Default false. */
  readonly hostsOnly?: boolean | undefined
  /** Receives what fails. Default: no reports. */
  readonly log?: Log | undefined
}

/** Where the room's topics are sent by default. */
export const ROOM_ENDPOINT = 'tcp://127.0.0.1:5560'

/** The rules that a room begins with. */
export function firstRules(options: RoomOptions): RoomRules {
  return {
    hostsOnly: options.hostsOnly ?? false,
    echoDelaySeconds: options.echoDelaySeconds ?? 10,
    maxVoiceSeconds: 60,
    maxCharacters: 500,
    slowSeconds: 0,
    maxUploadBytes: options.maxUploadBytes ?? 2 * 1024 ** 3,
    isPublic: !isLoopbackHost(options.host ?? '127.0.0.1'),
  }
}
