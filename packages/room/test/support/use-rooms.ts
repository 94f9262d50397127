import { afterEach } from '@jest/globals'
import { Room, type RoomOptions } from '@zcast/room'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'
import { Visit } from './visit.ts'

/** Of the request that opens the WebSocket. */
type Headers = Readonly<Record<string, string>>

/** A guest who is in. */
export interface Entered {
  readonly visit: Visit
  readonly id: string
  readonly key: string
  /** All that was told first. */
  readonly welcome: Record<string, unknown>
}

/** Rooms in the folder of a test, and who is in them; all is closed after it, what came last first. */
export interface Rooms {
  /** The folder of the test. */
  readonly folder: () => string
  /** Closes something else after the test. */
  readonly closeAfter: <Thing extends { close(): unknown }>(thing: Thing) => Thing
  /** Opens a room on a free port. */
  readonly open: (options?: Partial<RoomOptions>) => Promise<Room>
  /** Joins, and does not wait for the welcome. @param address - Of the room, with a token if need be. */
  readonly join: (address: string, name: string, more?: object, headers?: Headers) => Promise<Visit>
  /** Joins, and is in. */
  readonly enter: (address: string, name: string, more?: object, headers?: Headers) => Promise<Entered>
}

/** @param own - What all rooms of the file have. */
export function useRooms(own: Partial<RoomOptions> = {}): Rooms {
  const opened: { close(): unknown }[] = []
  afterEach(async () => {
    for (const thing of opened.splice(0).toReversed()) await thing.close()
  })
  // Removed after what is open in it has been closed: the room may still write.
  const folder = useTemporaryFolder()
  const closeAfter: Rooms['closeAfter'] = (thing) => {
    opened.push(thing)
    return thing
  }
  const join: Rooms['join'] = async (address, name, more = {}, headers = {}) =>
    closeAfter(await Visit.join(address, name, more, headers))
  return {
    folder,
    closeAfter,
    join,
    open: async (options = {}) => {
      const room = { port: 0, bind: 'tcp://127.0.0.1:*', folder: folder(), ...own, ...options }
      return closeAfter(await Room.open(room))
    },
    enter: async (address, name, more, headers) => {
      const visit = await join(address, name, more, headers)
      const welcome = await visit.until('welcome')
      const { id, key } = welcome['you'] as { id: string; key: string }
      return { visit, id, key, welcome }
    },
  }
}
