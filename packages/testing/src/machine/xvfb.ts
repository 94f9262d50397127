import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { startXvfb } from './start-xvfb.ts'

/** The reason why no screen is available here; `undefined` when one is. */
export const whyNoScreen =
  spawnSync('Xvfb', ['-help'], { stdio: 'ignore' }).error === undefined ? undefined : 'Xvfb is not installed'

/** A screen without hardware, on which a test draws. */
export interface TestScreen {
  /** `:99`. */
  readonly display: string
  /** Fills the screen; resolves once the server has done it. */
  fill(rgb: number): Promise<void>
  close(): Promise<void>
}

/** Starts Xvfb on a display that is free. */
export async function openScreen(width: number, height: number): Promise<TestScreen> {
  const server = await startXvfb(width, height)
  const { display } = server
  const socket = connect(`/tmp/.X11-unix/X${display.slice(1)}`)
  await once(socket, 'connect')
  const root = await setUp(socket)
  return {
    display,
    fill: (rgb) => fill(socket, root, rgb, width, height),
    close: async () => {
      socket.destroy()
      await server.close()
    },
  }
}

/** The X11 protocol's connection set-up, without authorization. @returns The root window. */
async function setUp(socket: Socket): Promise<number> {
  const hello = Buffer.alloc(12)
  hello.write('l')
  hello.writeUInt16LE(11, 2)
  socket.write(hello)
  let answer = Buffer.alloc(0)
  while (answer.length < 8 || answer.length < 8 + 4 * answer.readUInt16LE(6)) {
    answer = Buffer.concat([answer, ((await once(socket, 'data')) as [Buffer])[0]])
  }
  const vendorLength = answer.readUInt16LE(24)
  const formats = answer.readUInt8(29)
  const screen = 40 + Math.ceil(vendorLength / 4) * 4 + 8 * formats
  return answer.readUInt32LE(screen)
}

/** ChangeWindowAttributes (background pixel), ClearArea, and GetInputFocus for its answer. */
async function fill(socket: Socket, root: number, rgb: number, width: number, height: number): Promise<void> {
  const request = Buffer.alloc(16 + 16 + 4)
  request.writeUInt8(2, 0)
  request.writeUInt16LE(4, 2)
  request.writeUInt32LE(root, 4)
  request.writeUInt32LE(2, 8)
  request.writeUInt32LE(rgb, 12)
  request.writeUInt8(61, 16)
  request.writeUInt16LE(4, 18)
  request.writeUInt32LE(root, 20)
  request.writeUInt16LE(width, 28)
  request.writeUInt16LE(height, 30)
  request.writeUInt8(43, 32)
  request.writeUInt16LE(1, 34)
  socket.write(request)
  await once(socket, 'data')
}
