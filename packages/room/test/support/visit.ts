import { once } from 'node:events'
import { WebSocket } from 'ws'

/** A message of the room. */
export type Told = Readonly<Record<string, unknown>>

/** Somebody in a room, by the protocol that its page speaks. */
export interface Visitor {
  readonly socket: WebSocket
  readonly id: string
  /** Known to them alone. */
  readonly key: string
  /** The next message of a type that holds all of these values; each is taken once. */
  readonly until: (type: string, values?: Told) => Promise<Told>
  readonly say: (message: Told) => void
}

/** Joins the room at an address. The caller closes the socket. */
export async function visit(address: string, name: string): Promise<Visitor> {
  const socket = new WebSocket(`${address.replace('http', 'ws')}/room`)
  const told: Told[] = []
  socket.on('message', (data: Buffer) => told.push(JSON.parse(data.toString()) as Told))
  await once(socket, 'open')
  const say: Visitor['say'] = (message) => socket.send(JSON.stringify(message))
  const until: Visitor['until'] = async (type, values = {}) => {
    for (;;) {
      const index = told.findIndex(
        (message) =>
          message['type'] === type &&
          Object.entries(values).every(
            ([key, value]) => JSON.stringify(message[key]) === JSON.stringify(value),
          ),
      )
      if (index >= 0) return told.splice(index, 1)[0] as Told
      await once(socket, 'message')
    }
  }
  say({ type: 'join', name })
  const { id, key } = (await until('welcome'))['you'] as { id: string; key: string }
  return { socket, id, key, until, say }
}
