import { createSocket, type Socket } from 'node:dgram'
import { setImmediate } from 'node:timers/promises'
import { afterEach, expect, test } from '@jest/globals'
import type { Log } from '@zcast/shared'
import { openUdpLines } from '../../../src/sources/numbers/udp-lines.ts'

const HOST = '127.0.0.1'

const closing: (() => unknown)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

async function listen(log?: Log): Promise<{
  input: Awaited<ReturnType<typeof openUdpLines>>
  send: (text: string) => Promise<void>
}> {
  const input = await openUdpLines({ host: HOST, port: 0 }, log)
  closing.push(() => input.destroy())
  const sender: Socket = createSocket('udp4')
  closing.push(() => sender.close())
  const send = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      sender.send(text, input.port, HOST, (error) => (error ? reject(error) : resolve()))
    })
  return { input, send }
}

test('each datagram ends its line, and empty ones are ignored', async () => {
  const { input, send } = await listen()
  for (const text of ['', 'a:1', '', 'a:2\nb:3']) await send(text)
  let text = ''
  for await (const chunk of input) {
    text += String(chunk)
    if (text.endsWith('b:3\n')) break
  }
  expect(text).toBe('a:1\na:2\nb:3\n')
})

test('however short, only so many datagrams wait, and those that do are read', async () => {
  const logged: string[] = []
  const log: Log = {
    error: () => undefined,
    warning: (sentence) => void logged.push(sentence),
    close: () => undefined,
  }
  const { input, send } = await listen(log)
  let sent = 0
  while (logged.length === 0 && sent < 50_000) {
    await send('1')
    sent += 1
    // Those that were sent are received.
    if (sent % 20 === 0) await setImmediate()
  }
  expect(logged[0]).toMatch(/left out/)
  let lines = 0
  for await (const chunk of input) {
    lines += String(chunk).split('\n').length - 1
    if (lines > 10_000) break
  }
  expect(lines).toBeLessThan(sent)
})

test('a socket that fails before it is read ends no process, and whoever reads then is told', async () => {
  const { input } = await listen()
  const closed = new Promise((resolve) => input.once('close', resolve))
  input.destroy(new Error('the network has gone'))
  await closed
  await expect(input[Symbol.asyncIterator]().next()).rejects.toThrow('the network has gone')
})
