import { once } from 'node:events'
import { afterEach, describe, expect, test } from '@jest/globals'
import { Room } from '@zcast/room'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'
import { WebSocket } from 'ws'

const folder = useTemporaryFolder()
const open: { close(): unknown }[] = []

afterEach(async () => {
  for (const thing of open.splice(0).toReversed()) await thing.close()
})

async function openRoom(): Promise<Room> {
  const room = await Room.open({ port: 0, bind: 'tcp://127.0.0.1:*', folder: folder() })
  open.push(room)
  return room
}

interface Visitor {
  readonly socket: WebSocket
  readonly until: (type: string) => Promise<Record<string, unknown>>
}

/** Joins the room as a page does, and collects what it is told. */
async function join(room: Room, name: string): Promise<Visitor> {
  const socket = new WebSocket(`${room.address.replace('http', 'ws')}/room`)
  open.push(socket)
  const told: Record<string, unknown>[] = []
  socket.on('message', (data: Buffer) => told.push(JSON.parse(data.toString()) as Record<string, unknown>))
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'join', name }))
  const until: Visitor['until'] = async (type) => {
    for (;;) {
      const index = told.findIndex((message) => message['type'] === type)
      const [found] = index < 0 ? [] : told.splice(index, 1)
      if (found) return found
      await once(socket, 'message')
    }
  }
  return { socket, until }
}

describe('a room', () => {
  test('tells who is here when somebody comes and goes', async () => {
    const room = await openRoom()
    const ann = await join(room, 'ann')
    expect(await ann.until('welcome')).toMatchObject({ room: 'main', you: { name: 'ann' }, guests: [] })
    expect(await ann.until('guests')).toMatchObject({ guests: [{ name: 'ann' }] })
    const ben = await join(room, '  ben\u202e ')
    expect(await ben.until('welcome')).toMatchObject({ guests: [{ name: 'ann' }] })
    expect(await ann.until('guests')).toMatchObject({ guests: [{ name: 'ann' }, { name: 'ben' }] })
    ben.socket.close()
    expect(await ann.until('guests')).toMatchObject({ guests: [{ name: 'ann' }] })
  })

  test('refuses what it does not know, and lets nobody in without a name', async () => {
    const room = await openRoom()
    const ann = await join(room, 'ann')
    ann.socket.send(JSON.stringify({ type: 'fly' }))
    expect(await ann.until('refused')).toMatchObject({ about: 'fly', code: 'ERR_MESSAGE' })
    const nobody = await join(room, ' \n ')
    expect(await nobody.until('refused')).toMatchObject({ about: 'join' })
  })
})
