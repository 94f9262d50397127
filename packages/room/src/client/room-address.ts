import { OptionError } from '@zcast/shared'

/** Where a room is. */
export interface RoomAddress {
  /** Of its page, without a token: for sentences. */
  readonly page: string
  /** Of its WebSocket. */
  readonly socket: URL
  /** The token that was in a link. */
  readonly token: string | undefined
}

/**
 * Reads the address of a room's page, or a whole link of an invitation.
 *
 * @throws {@link OptionError} when it is none.
 */
export function parseRoomAddress(text: string): RoomAddress {
  const whole = /^[a-z]+:\/\//i.test(text) ? text : `http://${text}`
  const url = URL.canParse(whole) ? new URL(whole) : undefined
  if (!url || !/^(?:https?|wss?):$/.test(url.protocol) || url.hostname === '')
    throw new OptionError(`"${text}" is not the address of a room: write http://HOST:PORT`)
  const token = url.searchParams.get('token') ?? undefined
  url.search = ''
  url.hash = ''
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  url.protocol = url.protocol.replace('ws', 'http')
  const socket = new URL('room', url)
  socket.protocol = url.protocol.replace('http', 'ws')
  return { page: url.href.replace(/\/$/, ''), socket, token }
}
