import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { NatsLink } from '../../src/nats-link.ts'

test('a server that lets in and cuts off at once is not tried without a pause', async () => {
  let ups = 0
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.write('INFO {"server_id":"x","version":"2.9.10","max_payload":1048576,"headers":true}\r\n')
    socket.on('data', (bytes) => {
      if (!bytes.includes('PING')) return
      socket.write('PONG\r\n')
      setTimeout(() => socket.destroy(), 5)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const link = new NatsLink({
    endpoints: [`nats://127.0.0.1:${(server.address() as AddressInfo).port}`],
    nats: {},
    side: 'subscriber',
    onRefused: () => undefined,
    onUp: () => (ups += 1),
    onDown: () => undefined,
  })
  await delay(1000)
  await link.close()
  server.close()
  // After 0, 50, 100, 200 and 400 ms.
  expect(ups).toBeGreaterThanOrEqual(2)
  expect(ups).toBeLessThanOrEqual(7)
})
