import { afterEach } from '@jest/globals'
import { ScriptedRoom, type Script } from './scripted-room.ts'

/** Scripted rooms that are closed after each test. @returns A function that opens one. */
export function useScriptedRooms(): (script?: Script) => Promise<ScriptedRoom> {
  const rooms: ScriptedRoom[] = []
  afterEach(async () => {
    await Promise.all(rooms.splice(0).map((room) => room.close()))
  })
  return async (script) => {
    const room = await ScriptedRoom.open(script)
    rooms.push(room)
    return room
  }
}
