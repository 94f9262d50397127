import type { Room } from '@zcast/room'
import type { CommandContext } from '../../command-context.ts'
import { announcePage, type PageTls } from '../../page/announce-page.ts'

/**
 * Says where the room is, how to invite people, and how to become a host. Links that open something have no place in a
 * file or a journal: elsewhere than in a terminal the files are named that hold the tokens.
 */
export function announceRoom(
  context: Pick<CommandContext, 'json' | 'quiet' | 'status' | 'output'>,
  room: Room,
  tls: PageTls | undefined,
): void {
  if (context.json) {
    context.output.write(
      `${JSON.stringify({ type: 'room', address: room.address, endpoints: room.endpoints })}\n`,
    )
    return
  }
  announcePage(context, room, tls)
  const host = room.oneTimeAddress(true)
  const isTerminal = 'isTTY' in context.output && context.output.isTTY === true
  if (context.quiet || !isTerminal) return
  if (room.invitation !== room.address) context.output.write(`invite people with ${room.invitation}\n`)
  if (host !== room.address) context.output.write(`as a host, open ${host}\n`)
}
