import { once } from 'node:events'
import { WebSocket } from 'ws'

/** What a guest was told. */
export type Told = Readonly<Record<string, unknown>>

/** A guest of a room, as far as its protocol goes. */
export class RoomGuest {
  readonly socket: WebSocket
  /** Its key, once it is in. */
  key = ''
  /** The first message: everything as it was then. */
  welcome: Told = {}
  onTold: (message: Told) => void = () => undefined

  /** Joins a room. @throws when it is not let in. */
  static async join(address: string, name: unknown, query = ''): Promise<RoomGuest> {
    const socket = new WebSocket(`${address.replace(/^http/, 'ws')}/room${query}`)
    socket.on('error', () => undefined)
    const guest = new RoomGuest(socket)
    const isIn = new Promise<void>((resolve, reject) => {
      guest.onTold = (message): void => {
        const { you } = message as { readonly you?: { readonly key: string } }
        if (message['type'] !== 'welcome' || !you) return reject(new Error(JSON.stringify(message)))
        guest.key = you.key
        guest.welcome = message
        resolve()
      }
      socket.once('close', () => reject(new Error('the room has closed the connection')))
    })
    socket.once('open', () => guest.say({ type: 'join', name }))
    await isIn
    guest.onTold = () => undefined
    return guest
  }

  private constructor(socket: WebSocket) {
    this.socket = socket
    socket.on('message', (data: Buffer) => this.onTold(JSON.parse(data.toString()) as Told))
  }

  say(message: unknown): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message))
  }

  /** Leaves at once. */
  leave(): void {
    this.socket.terminate()
  }
}

/** Opens a WebSocket of a room; `undefined` where it is refused. */
export async function openChannel(address: string, path: string): Promise<WebSocket | undefined> {
  const socket = new WebSocket(`${address.replace(/^http/, 'ws')}${path}`)
  socket.on('error', () => undefined)
  const ended = once(socket, 'close').then(() => undefined)
  return Promise.race([once(socket, 'open').then(() => socket), ended]).catch(() => undefined)
}
