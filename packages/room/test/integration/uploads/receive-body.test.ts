import { once } from 'node:events'
import { createServer, request as sendRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, test } from '@jest/globals'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'
import { receiveBody } from '../../../src/uploads/receive-body.ts'

const open: (() => unknown)[] = []

// Before the folder is removed, in which the room may still write.
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close()
})

const folder = useTemporaryFolder()

/** A server that receives one body, into a file. @returns Its port, and what comes of the body. */
async function receive(
  bytes: number,
): Promise<{ readonly port: number; readonly received: Promise<unknown> }> {
  const path = join(folder(), 'file')
  await writeFile(path, '')
  const limits = { offset: 0, bytes, paceMs: 100, leastBytes: 1000 }
  const server = createServer()
  const received = once(server, 'request').then(([request]) =>
    receiveBody(request as Parameters<typeof receiveBody>[0], path, limits).catch(() => 'cut off'),
  )
  server.listen(0)
  await once(server, 'listening')
  open.push(() => server.close())
  return { port: (server.address() as AddressInfo).port, received }
}

describe('the body of an upload', () => {
  test.each([
    ['stands still', 0],
    ['comes byte by byte', 1],
  ])('that %s is cut off, and what has come is kept', async (_title, bytes) => {
    const { port, received } = await receive(100_000)
    const request = sendRequest({
      port,
      method: 'PATCH',
      headers: { 'Content-Length': '100000' },
      agent: false,
    })
    request.on('error', () => {})
    const closed = new Promise((resolve) => request.once('close', resolve))
    request.write(Buffer.alloc(5000, 1))
    while (!request.destroyed) {
      if (bytes > 0) request.write(Buffer.alloc(bytes, 1))
      await delay(5)
    }
    await closed
    expect(await received).toBe('cut off')
    expect((await readFile(join(folder(), 'file'))).length).toBeGreaterThanOrEqual(5000)
  })

  test('that never ends brings no more than was announced', async () => {
    const { port, received } = await receive(50_000)
    const request = sendRequest({ port, method: 'PATCH', agent: false })
    request.on('error', () => {})
    open.push(() => request.destroy())
    let isDone = false
    void received.then(() => (isDone = true))
    while (!isDone) {
      request.write(Buffer.alloc(20_000, 1))
      await delay(1)
    }
    expect(await received).toBe('longer')
    expect((await readFile(join(folder(), 'file'))).length).toBeLessThanOrEqual(50_000)
  })
})
