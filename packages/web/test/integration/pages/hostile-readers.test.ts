import { afterEach, describe, expect, test } from '@jest/globals'
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { ask } from '../../support/raw-http.ts'
import { closeViewers, openViewer, paint } from '../../support/viewer.ts'

const sockets: WebSocket[] = []
const warnings: string[] = []
const log = { error: () => {}, warning: (text: string) => void warnings.push(text), close: () => {} }

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate()
  await closeViewers()
  warnings.length = 0
})

const MIB = 2 ** 20
/** What the server may hold, what the clients of this very process hold, and what waits for the collector. */
const LIMIT_BYTES = 160 * MIB

/** Opens WebSockets that ask over and over, and never read. */
async function openDeaf(address: string, count: number): Promise<void> {
  const opened = Array.from({ length: count }, async () => {
    const socket = new WebSocket(address.replace('http', 'ws'))
    sockets.push(socket)
    socket.on('error', () => {})
    await once(socket, 'open')
    socket.pause()
    for (let index = 0; index < 30; index++) socket.send('next')
  })
  await Promise.all(opened)
}

async function turns(count: number): Promise<void> {
  for (let index = 0; index < count; index++) await new Promise((resolve) => setImmediate(resolve))
}

describe('readers that ask for much and read nothing', () => {
  test('are cut off where their pictures add up, and who reads goes on', async () => {
    const viewer = await openViewer({}, { log })
    const closed: number[] = []
    await openDeaf(`${viewer.address}/pictures`, 40)
    for (const socket of sockets) socket.on('close', () => closed.push(1))
    const before = process.memoryUsage().arrayBuffers
    const jpeg = await paint([255, 0, 0])
    // A picture that the system does not take as a whole, another one each time.
    for (let index = 0; index < 20; index++) {
      viewer.show(Buffer.concat([jpeg, Buffer.alloc(8 * MIB)]))
      for (const socket of sockets) if (socket.readyState === WebSocket.OPEN) socket.send('next')
      await turns(20)
    }
    while (warnings.length === 0) await turns(1)
    expect(warnings[0]).toMatch(/stuck for longest are cut off/)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(LIMIT_BYTES)
    expect((await ask(`${viewer.address}/stats.json`)).status).toBe(200)
  })
})
