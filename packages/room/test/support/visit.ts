import { once } from 'node:events'
import { WebSocket } from 'ws'

/** A guest's page, as far as messages go. */
export class Visit {
  readonly socket: WebSocket
  /** What was told and not asked for yet, oldest first. */
  readonly told: Record<string, unknown>[] = []
  /** The way in was refused, or the connection has ended. */
  readonly ended: Promise<unknown>

  /** @param address - That of the room, `http://` or `https://`, with a query if need be. */
  constructor(address: string, headers: Readonly<Record<string, string>> = {}) {
    const url = new URL(address)
    url.protocol = url.protocol.replace('http', 'ws')
    url.pathname = '/room'
    this.socket = new WebSocket(url, { headers: { ...headers }, rejectUnauthorized: false })
    this.socket.on('message', (data: Buffer) => {
      this.told.push(JSON.parse(data.toString()) as Record<string, unknown>)
      this.socket.emit('told')
    })
    this.ended = new Promise((resolve) => {
      this.socket.once('close', resolve)
      this.socket.once('error', resolve)
    })
  }

  /** Joins a room, and waits until it is in. */
  static async join(
    address: string,
    name: string,
    more: object = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Visit> {
    const visit = new Visit(address, headers)
    await once(visit.socket, 'open')
    visit.say({ type: 'join', name, ...more })
    return visit
  }

  /** Says something. */
  say(message: object): void {
    this.socket.send(JSON.stringify(message))
  }

  /** The next message of a type, whatever else is told meanwhile. */
  async until(
    type: string,
    matches: (message: Record<string, unknown>) => boolean = () => true,
  ): Promise<Record<string, unknown>> {
    return this.next((message) => message['type'] === type && matches(message))
  }

  /** The next message that satisfies a condition, whatever else is told meanwhile. */
  async next(matches: (message: Record<string, unknown>) => boolean): Promise<Record<string, unknown>> {
    for (;;) {
      const index = this.told.findIndex(matches)
      const found = index < 0 ? undefined : this.told.splice(index, 1)[0]
      if (found) return found
      await once(this.socket, 'told')
    }
  }

  /** Leaves. */
  close(): void {
    this.socket.terminate()
  }
}
