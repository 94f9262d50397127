import type { Log } from '@zcast/shared'
import type { Publisher } from '@zcast/publisher'
import type { WebServer } from '@zcast/web/internal'
import type { UncheckedMessage } from './messages/guest-messages.ts'
import type { RoomRules, WelcomeMessage } from './messages/room-messages.ts'
import type { Guest, GuestLink } from './people/guest.ts'
import type { Guests } from './people/guests.ts'

/** What every part of the room has at hand. */
export interface RoomContext {
  /** The room's name, also that of its streams: `video/<room>`, `chat/<room>`. */
  readonly name: string
  readonly guests: Guests
  /** True where everybody is a host. */
  readonly isEverybodyHost: boolean
  /** Changeable rules, which every page is told; see {@link RoomContext.setRules}. */
  readonly rules: RoomRules
  /** Changes rules, and tells everybody. */
  setRules(changes: Partial<RoomRules>): void
  /** Sends the room's topics. */
  readonly publisher: Publisher
  /** Where the room's own subscribers connect, within the process. */
  readonly endpoint: string
  readonly server: WebServer
  /** The folder of the room's own files: the chat, the clips of voices. */
  readonly folder: string
  readonly log: Log
  /** Lets somebody in who comes by another way than the page. @throws {@link Refusal} to keep them out. */
  enter(name: unknown, address: string, link: GuestLink): Guest
  /** Somebody who came that way has gone, or somebody has to. Does nothing for who has left. */
  leave(guest: Guest): void
  /** The guest who made an HTTP request: by the key in its header `zcast-guest`. */
  guestOf(request: { readonly headers: Readonly<Record<string, unknown>> }): Guest | undefined
}

/** Takes a guest's message; throws {@link Refusal} to refuse it. */
export type TakeMessage = (guest: Guest, message: UncheckedMessage) => void | Promise<void>

/** Somebody at the door. */
export interface Candidate {
  /** Follows from the key, so that it stays the same when the room is started again. */
  readonly id: string
  /** The key of a guest who comes back; new for one who is new. */
  readonly key: string
  readonly name: string
  readonly isHost: boolean
  /** Without the parts that do not distinguish machines. */
  readonly address: string
}

/** One part of the room: the chat, what is on air, voices, cameras, uploads. */
export interface RoomPart {
  /** The messages that it takes, by their `type`. */
  readonly takes?: Readonly<Record<string, TakeMessage>>
  /** Opens what it needs, before anybody can join. Its `close` is called also where this fails. */
  open?(): Promise<void>
  /** Looks at somebody who is about to join. @throws {@link Refusal} to keep them out. */
  admit?(candidate: Candidate): void
  /** What it adds to the first message to somebody who joins. */
  welcome?(guest: Guest): Partial<WelcomeMessage>
  /** Somebody has left, or was cut off. */
  left?(guest: Guest): void
  /** Frees everything. */
  close?(): Promise<void>
}
