import { afterEach, expect, test } from '@jest/globals'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { Connections, type ConnectionLimits } from '../../../../src/server/limits/connections.ts'
import { closed } from '@zcast/testing/waiting/closed'

const servers: Server[] = []
const sockets: Socket[] = []
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
  for (const server of servers.splice(0)) server.close()
})

/** A server that lets in whoever asks for `/in`, and says whether there was room. */
async function serve(limits: Partial<ConnectionLimits>): Promise<number> {
  const server = createServer()
  servers.push(server)
  const connections = new Connections(server, { admitted: 10, admittedOfOne: 10, ...limits }, () => undefined)
  server.on('request', ({ socket, url }, response) => {
    response.once('close', connections.begin(socket))
    const isIn = url === '/in' && connections.admit(socket)
    if (url !== '/endless') response.end(isIn ? 'in' : 'out')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

async function open(port: number, path?: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  sockets.push(socket)
  socket.on('error', () => {})
  await once(socket, 'connect')
  if (path !== undefined) socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
  return socket
}

async function readAnswer(socket: Socket): Promise<string | undefined> {
  const [data] = (await once(socket, 'data')) as [Buffer]
  return /\r\n\r\n(?:\d\r\n)?(in|out)/.exec(data.toString())?.[1]
}

test('a connection that asks for nothing, half of something, or for nothing it may have, ends at the deadline', async () => {
  const port = await serve({ deadlineMs: 50 })
  const silent = await open(port)
  const half = await open(port)
  half.write('GET / HT')
  const refused = await open(port, '/out')
  expect(await readAnswer(refused)).toBe('out')
  const admitted = await open(port, '/in')
  expect(await readAnswer(admitted)).toBe('in')
  await Promise.all([silent, half, refused].map((socket) => closed(socket.resume())))
  admitted.write('GET /in HTTP/1.1\r\nHost: localhost\r\n\r\n')
  expect(await readAnswer(admitted)).toBe('in')
})

test('a connection that was let in and asks for nothing more makes room for the next', async () => {
  const port = await serve({ admitted: 1 })
  const first = await open(port, '/in')
  expect(await readAnswer(first)).toBe('in')
  const second = await open(port, '/in')
  expect(await readAnswer(second)).toBe('in')
  await closed(first.resume())
})

test('nobody is let in where all are busy', async () => {
  const port = await serve({ admitted: 1 })
  const first = await open(port, '/in')
  expect(await readAnswer(first)).toBe('in')
  first.write('GET /endless HTTP/1.1\r\nHost: localhost\r\n\r\n')
  const other = await open(port, '/other')
  expect(await readAnswer(other)).toBe('out')
  const second = await open(port, '/in')
  expect(await readAnswer(second)).toBe('out')
})
