import type { Log } from '@zcast/shared'
import type { Guest } from '../people/guest.ts'
import { Refusal } from '../people/refusal.ts'
import type { RoomPart, TakeMessage } from '../room-part.ts'
import { tellTime } from '../tell-time.ts'
import type { UncheckedMessage } from './guest-messages.ts'
import type { RoomMessage } from './room-messages.ts'

/** Hands each message of a guest to the part of the room that takes it, and tells the guest why it was refused. */
export class MessageDesk {
  readonly #takes = new Map<string, TakeMessage>([['clock', tellTime]])
  readonly #log: Log

  constructor(parts: readonly RoomPart[], log: Log) {
    this.#log = log
    for (const part of parts)
      for (const [type, take] of Object.entries(part.takes ?? {})) this.#takes.set(type, take)
  }

  /** Hands on a message. Never rejects. */
  async take(guest: Guest, message: UncheckedMessage): Promise<void> {
    try {
      const take = this.#takes.get(message.type)
      if (!take) throw new Refusal('ERR_MESSAGE', 'the room does not know this kind of message')
      await take(guest, message)
    } catch (error) {
      guest.tell(this.describe(error, message.type.slice(0, 32)))
    }
  }

  /** What a guest is told of a message that failed. @param about - Its type. */
  describe(error: unknown, about: string): RoomMessage {
    if (error instanceof Refusal) {
      const { code, message: reason, waitSeconds } = error
      return { type: 'refused', about, code, reason, waitSeconds }
    }
    this.#log.error('a message of a guest could not be handled', error)
    return {
      type: 'refused',
      about,
      code: 'ERR_ROOM',
      reason: 'this could not be done; the log of the room says why',
    }
  }
}
