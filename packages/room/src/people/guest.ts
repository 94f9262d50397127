import type { WebChannel } from '@zcast/web/internal'
import type { GuestView, RoomMessage } from '../messages/room-messages.ts'

/** A guest that has not taken this much of what was said to them is cut off, in bytes; their page comes back anew. */
const MAX_UNREAD_BYTES = 1024 * 1024

/** The way to a guest: their page's WebSocket, a terminal's, or an old voice program. */
export type GuestLink = Pick<WebChannel, 'send' | 'bufferedBytes' | 'terminate' | 'close'>

/** Somebody who is in the room. */
export class Guest {
  readonly id: string
  /** Known to this guest alone: by it a page that comes back is the same guest. */
  readonly key: string
  readonly name: string
  readonly isHost: boolean
  /** The address they come from, for bans; never told to others. */
  readonly address: string
  /** What the parts of the room add to how the others see them. */
  readonly shown: {
    isMuted: boolean
    camera?: string | undefined
    isScreen?: boolean | undefined
    microphone?: string | undefined
  } = {
    isMuted: false,
  }
  readonly #link: GuestLink
  readonly #isTerminal: boolean

  constructor(
    about: Pick<Guest, 'id' | 'key' | 'name' | 'isHost' | 'address'>,
    link: GuestLink,
    isTerminal = false,
  ) {
    this.id = about.id
    this.key = about.key
    this.name = about.name
    this.isHost = about.isHost
    this.address = about.address
    this.#link = link
    this.#isTerminal = isTerminal
  }

  /** How everybody sees them. */
  get view(): GuestView {
    return {
      id: this.id,
      name: this.name,
      isHost: this.isHost,
      ...this.shown,
      ...(this.#isTerminal && { isTerminal: true }),
    }
  }

  /** Sends a message. One who reads nothing is cut off, so that nothing piles up for them. */
  tell(message: RoomMessage): void {
    this.tellText(JSON.stringify(message))
  }

  /** The same, for a message that was written once for all. */
  tellText(text: string): void {
    if (this.#link.bufferedBytes > MAX_UNREAD_BYTES) this.#link.terminate()
    else this.#link.send(text)
  }

  /**
   * Ends the connection, after a last word.
   *
   * @param mayReturn - True when the page should try to come back. Default false.
   */
  dismiss(reason: string, mayReturn = false): void {
    this.tell({ type: 'goodbye', reason, ...(mayReturn && { mayReturn }) })
    this.#link.close()
  }
}
