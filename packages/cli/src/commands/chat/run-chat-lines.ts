import type { ChatLine, RoomMessage } from '@zcast/room/client'
import { SinkError } from '@zcast/shared'
import { openStandardInput, splitLines } from '@zcast/shared/internal'
import { LineWriter } from '@zcast/subscribers'
import type { CommandContext } from '../../command-context.ts'
import { formatChatLine } from './format-chat-line.ts'
import { LineSpeaker } from './line-speaker.ts'
import type { ChatPlan } from './plan-chat.ts'
import { createMember } from './room-member.ts'

/** A longer line is none that anybody means to say. */
const MAX_LINE_BYTES = 64 * 1024

/**
 * Takes part in a room by lines: those of standard input are said, those of the chat are printed.
 *
 * @throws {@link SinkError} at the end, when something could not be said.
 */
export async function runChatLines(context: CommandContext, plan: ChatPlan): Promise<void> {
  const writer = new LineWriter(context.output)
  const ended = new AbortController()
  const signal = AbortSignal.any([context.signal, ended.signal])
  let [printed, heard, said, refused] = [0, 0, 0, 0]
  let markJoined = (): void => {}
  const joined = new Promise<void>((resolve) => (markJoined = resolve))
  const print = (line: ChatLine): void => {
    if (plan.maxLines !== undefined && printed >= plan.maxLines) return
    printed += 1
    void writer.write(
      context.json ? `${JSON.stringify({ type: 'chat', ...line })}\n` : `${formatChatLine(line)}\n`,
    )
    if (printed === plan.maxLines) ended.abort()
  }
  const client = createMember(context, plan, {
    onEarlier: (lines, isFirst) => {
      for (const line of isFirst ? lines.slice(lines.length - plan.history) : lines) print(line)
    },
    onLine: (line) => {
      heard += 1
      print(line)
    },
    onMessage: (message) => {
      speaker.take(message)
      if (message.type === 'welcome') {
        welcome(context, plan, message, writer)
        markJoined()
      }
      if (message.type === 'removed' && context.json)
        void writer.write(`${JSON.stringify({ type: 'removed', id: message.id, by: message.by })}\n`)
    },
    onLost: (reason) =>
      context.log.warning(`the connection to the room was lost: ${reason}`, undefined, 'lost'),
  })
  const speaker = new LineSpeaker(client, signal)
  const speak = async (): Promise<void> => {
    for await (const line of splitLines(openStandardInput(), MAX_LINE_BYTES)) {
      if (signal.aborted) return
      if (line !== undefined && line.trim() === '') continue
      const reason = line === undefined ? 'it is too long' : await speaker.say(line)
      if (reason === undefined) said += 1
      else if (!signal.aborted) {
        refused += 1
        context.log.error(`a line was not said: ${reason}`, undefined, 'not said')
      }
    }
    if (plan.follow) return
    // Also where there is nothing to say, whether there is a room is to be known.
    await joined
    ended.abort()
  }
  const speaking = speak()
  // Standard input keeps the process waiting; nothing of it is wanted any more.
  signal.addEventListener('abort', () => process.stdin.destroy(), { once: true })
  try {
    await Promise.all([
      client.run(signal),
      speaking.catch((error: unknown) => {
        if (!signal.aborted) throw error
      }),
    ])
  } finally {
    ended.abort()
    await writer.flush()
  }
  context.summary(`heard ${heard}, said ${said}, not said ${refused}`)
  if (refused > 0) throw new SinkError(`${refused} of ${said + refused} lines were not said`)
}

function welcome(
  context: CommandContext,
  { address }: ChatPlan,
  message: Extract<RoomMessage, { type: 'welcome' }>,
  writer: LineWriter,
): void {
  const { room, you, guests } = message
  if (context.json)
    void writer.write(
      `${JSON.stringify({ type: 'joined', room, name: you.name, guest: you.id, isHost: you.isHost, guests: guests.length + 1 })}\n`,
    )
  context.status(`in the room "${room}" at ${address.page} as ${you.name}; ${describeOthers(guests.length)}`)
  context.ready(address.page)
}

function describeOthers(count: number): string {
  if (count === 0) return 'nobody else is here'
  return count === 1 ? 'one other is here' : `${count} others are here`
}
