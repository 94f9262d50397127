import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import { parseEndpoint } from '@zcast/shared/internal'
import { dial } from '../../src/dial.ts'
import { NatsLink } from '../../src/nats-link.ts'

describe('servers that do not answer', () => {
  const servers: Server[] = []
  const sockets: Socket[] = []
  const closings: AbortController[] = []

  /** Lets in, and says nothing. */
  const silentServer = async () => {
    const server = createServer((socket) => void sockets.push(socket.on('error', () => undefined).resume()))
    servers.push(server.listen(0, '127.0.0.1'))
    await once(server, 'listening')
    return {
      address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
      asked: once(server, 'connection'),
    }
  }
  const silentServers = (count: number) => Promise.all(Array.from({ length: count }, silentServer))
  const dialled = (endpoint: string) => {
    const closing = new AbortController()
    closings.push(closing)
    const parsed = parseEndpoint(endpoint)
    return dial(parsed.transport === 'nats' ? parsed.servers : [], [], {}, closing.signal)
  }
  afterEach(() => {
    for (const closing of closings.splice(0)) closing.abort()
    for (const socket of sockets.splice(0)) socket.destroy()
    for (const server of servers.splice(0)) server.close()
  })

  test('do not hold up a connection of the other kind', async () => {
    const [others, far] = [await silentServers(16), await silentServer()]
    let isEnded = false
    const over = dialled(`nats://${others.map(({ address }) => address).join(',')}`).catch(
      () => (isEnded = true),
    )
    await Promise.race(others.map(({ asked }) => asked))
    const webSocket = dialled(`ws://${far.address}`).catch(() => undefined)
    await far.asked
    expect(isEnded).toBe(false)
    for (const closing of closings) closing.abort()
    await Promise.all([over, webSocket])
  })

  test.each(['nats', 'ws'])('are not waited for by who closes (%s)', async (scheme) => {
    const others = await silentServers(16)
    const link = new NatsLink({
      endpoints: [`${scheme}://${others.map(({ address }) => address).join(',')}`],
      nats: {},
      side: 'subscriber',
      onRefused: () => undefined,
      onUp: () => undefined,
      onDown: () => undefined,
    })
    const ended = Promise.race(others.map(async ({ asked }) => once((await asked)[0] as Socket, 'close')))
    await Promise.race(others.map(({ asked }) => asked))
    await link.close()
    await ended
    expect(sockets.length).toBeLessThan(16)
  })
})
