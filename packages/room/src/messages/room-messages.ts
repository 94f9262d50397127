import type { Notice } from '@zcast/shared'

/**
 * What the room says to its pages, as JSON over the WebSocket at `/room`: the one description that the page's scripts are
 * checked against too. Times are seconds since the Unix epoch by the room's clock; places in a film are seconds.
 */

/** Somebody in the room, as everybody sees them. */
export interface GuestView {
  readonly id: string
  readonly name: string
  readonly isHost: boolean
  /** May not write at the moment. */
  readonly isMuted: boolean
  /** The stream of their camera or screen, `video/<stream>`; `undefined` while they share none. */
  readonly camera?: string | undefined
  /** What `camera` shows is their screen, or a window of it. */
  readonly isScreen?: boolean | undefined
  /** The stream of their microphone, `audio/<stream>`. */
  readonly microphone?: string | undefined
  /** In a terminal, or an old voice program, rather than a page. */
  readonly isTerminal?: boolean | undefined
}

/** One message of the chat. */
export interface ChatLine {
  /** Rises with each line, also across restarts. */
  readonly id: number
  readonly time: number
  /** Of the guest who wrote it; empty for what the room itself says. */
  readonly guest: string
  readonly name: string
  /** At most 500 characters; plain text, to be shown as such. */
  readonly text: string
}

/** Somebody who may not come in. */
export interface BannedGuest {
  /** Their id, to take it back by. */
  readonly guest: string
  readonly name: string
  /** When they were banned. */
  readonly time: number
}

/** A film of the folder, or an upload. */
export interface Film {
  /** Its address within the room, which says nothing; its poster is at `/poster/<id>`, a JPEG. */
  readonly id: string
  /** The file's path within the folder, without its ending. */
  readonly name: string
  /** 0 where it is not known. */
  readonly seconds: number
  readonly bytes: number
  readonly width: number
  readonly height: number
  readonly hasSound: boolean
  /** A live stream, without a length, a size and a poster. */
  readonly isLive?: boolean | undefined
  /** The name of who uploaded it. */
  readonly by?: string | undefined
}

/** What is on air, and where it is. */
export interface Screen {
  /** The film's id; the topic of a guest's camera, which `air` takes as well; `undefined` while nothing is on air. */
  readonly film?: string | undefined
  readonly name?: string | undefined
  readonly isLive: boolean
  /** It plays, or should. */
  readonly isPlaying: boolean
  /** It should play, and stands still until its pictures and sound are there. */
  readonly isWaiting: boolean
  /**
   * The place at `time`, in seconds; while it plays and waits for nothing, and nothing is wrong,
   * the place now is `position + now - time`.
   */
  readonly position: number
  readonly time: number
  /** `undefined` for a live stream. */
  readonly seconds?: number | undefined
  /** The name of who changed it last. */
  readonly by?: string | undefined
  /** Why it stands still although it should play, as a sentence; `play` tries again. */
  readonly problem?: string | undefined
}

/** A recorded clip of somebody's voice. */
export interface VoiceClip {
  readonly id: string
  readonly guest: string
  readonly name: string
  readonly seconds: number
  /** When everybody hears it begin. */
  readonly time: number
}

/** What a page may know of the room's rules. */
export interface RoomRules {
  readonly hostsOnly: boolean
  readonly echoDelaySeconds: number
  readonly maxVoiceSeconds: number
  readonly maxCharacters: number
  /** Seconds between two messages of one guest; 0 while there is no such rule. */
  readonly slowSeconds: number
  readonly maxUploadBytes: number
  /** The room can be reached by other machines. */
  readonly isPublic: boolean
}

/** The first message: everything as it is now. */
export interface WelcomeMessage {
  readonly type: 'welcome'
  readonly room: string
  readonly rules: RoomRules
  /** The guest's own id, and the key by which a page that comes back is the same guest again. */
  readonly you: { readonly id: string; readonly key: string; readonly name: string; readonly isHost: boolean }
  readonly guests: readonly GuestView[]
  readonly chat: readonly ChatLine[]
  readonly films: readonly Film[]
  readonly screen: Screen
  readonly voices: readonly VoiceClip[]
}

/** Any message of the room. */
export type RoomMessage =
  | WelcomeMessage
  | { readonly type: 'guests'; readonly guests: readonly GuestView[] }
  | { readonly type: 'rules'; readonly rules: RoomRules }
  | { readonly type: 'chat'; readonly line: ChatLine }
  /** Answers the request for lines before one: oldest first; the beginning where it is empty. */
  | { readonly type: 'history'; readonly lines: readonly ChatLine[] }
  | { readonly type: 'removed'; readonly id: number; readonly by: string }
  /** Names of those who are typing now. */
  | { readonly type: 'typing'; readonly names: readonly string[] }
  | { readonly type: 'films'; readonly films: readonly Film[] }
  | { readonly type: 'screen'; readonly screen: Screen }
  /** Somebody's clip waits, begins, or has ended. */
  | { readonly type: 'voice'; readonly state: 'waits' | 'speaks' | 'ended'; readonly clip: VoiceClip }
  /** Whether anybody watches one's camera or hears one's microphone: until then nothing need be sent. */
  | { readonly type: 'wanted'; readonly camera: boolean; readonly microphone: boolean }
  /** Who is banned, for a host who asked, or has changed it. */
  | { readonly type: 'bans'; readonly bans: readonly BannedGuest[] }
  /** What a guest asked for was not done. `about` is the `type` of the request. */
  | {
      readonly type: 'refused'
      readonly about: string
      readonly code: string
      readonly reason: string
      /** After so many seconds it would be done. */
      readonly waitSeconds?: number | undefined
    }
  /** The guest has to leave; the page must not come back by itself, unless `mayReturn` (the room is closed for now). */
  | { readonly type: 'goodbye'; readonly reason: string; readonly mayReturn?: boolean | undefined }
  /** What failed in the room lately, oldest first; for hosts. */
  | { readonly type: 'notices'; readonly notices: readonly Notice[] }
  | { readonly type: 'clock'; readonly asked: number; readonly time: number }
