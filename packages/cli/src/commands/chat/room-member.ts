import { RoomClient, type ChatLine, type RoomMessage } from '@zcast/room/client'
import { describeSystemError } from '@zcast/shared/internal'
import type { CommandContext } from '../../command-context.ts'
import { writeGuestKey } from './guest-key-file.ts'
import type { ChatPlan } from './plan-chat.ts'

/** What is told to who shows the chat. */
export interface MemberListener {
  /** Any message, before those below. */
  onMessage?(message: RoomMessage): void
  /** Lines that came before the guest did; missed ones where the connection was lost. */
  onEarlier(lines: readonly ChatLine[], isFirst: boolean): void
  /** A new line. */
  onLine(line: ChatLine): void
  onLost(reason: string): void
}

/** A member of a room: keeps its key, and tells each line of the chat once, however often the connection is lost. */
export function createMember(
  context: Pick<CommandContext, 'log'>,
  { address, token, name, key, keyFile, trust }: ChatPlan,
  listener: MemberListener,
): RoomClient {
  let [newest, kept, isFirst] = [0, key, true]
  const keep = (given: string): void => {
    if (keyFile === undefined || given === kept) return
    kept = given
    try {
      writeGuestKey(keyFile, given)
    } catch (error) {
      context.log.warning(`cannot keep the key in ${keyFile}: ${describeSystemError(error)}`, error)
    }
  }
  const take = (message: RoomMessage): void => {
    listener.onMessage?.(message)
    if (message.type === 'welcome') {
      keep(message.you.key)
      const missed = message.chat.filter(({ id }) => id > newest)
      listener.onEarlier(missed, isFirst)
      newest = Math.max(newest, ...missed.map(({ id }) => id))
      isFirst = false
    }
    if (message.type === 'chat') {
      newest = Math.max(newest, message.line.id)
      listener.onLine(message.line)
    }
  }
  return new RoomClient({
    address,
    token,
    name,
    key,
    trust,
    onMessage: take,
    onLost: (reason) => listener.onLost(reason),
  })
}
