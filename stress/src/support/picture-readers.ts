import { get, type IncomingMessage } from 'node:http'
import { WebSocket } from 'ws'

/** A reader of a viewer's pictures, which counts them. */
export interface PictureReader {
  readonly name: string
  /** Pictures read so far. */
  readonly pictures: number
  close(): void
}

/** Reads a viewer's `/stream.mjpg`, as a plain player does. */
export async function readMjpeg(page: string): Promise<PictureReader> {
  let pictures = 0
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${page}/stream.mjpg`, { agent: false }, resolve).on('error', reject)
  })
  response.on('data', (chunk: Buffer) => {
    // Each part of a plain reader has one; a head cut in two by the chunks is missed, which is no harm here.
    if (chunk.includes('Content-Length:')) pictures += 1
  })
  response.on('error', () => undefined)
  return {
    name: 'MJPEG',
    get pictures() {
      return pictures
    },
    close: () => void response.destroy(),
  }
}

/** Reads a viewer's WebSocket as its page does: asks for the next picture when it has one. */
export async function readWebSocket(page: string): Promise<PictureReader> {
  let pictures = 0
  const socket = new WebSocket(`${page.replace(/^http/, 'ws')}/pictures`, { origin: page })
  socket.on('message', (_, isBinary) => {
    if (!isBinary) return
    pictures += 1
    socket.send('next')
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  socket.on('error', () => undefined)
  socket.send('next')
  return {
    name: 'WebSocket',
    get pictures() {
      return pictures
    },
    close: () => socket.terminate(),
  }
}
