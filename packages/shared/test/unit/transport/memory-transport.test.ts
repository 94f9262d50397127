import { expect, test } from '@jest/globals'
import { MemoryTransport } from '../../../src/transport/memory-transport.ts'
import { Opener } from '@zcast/testing/streams/opened'
import { testTransportContract } from '@zcast/testing/contracts/transport-contract'

testTransportContract('MemoryTransport', () => new MemoryTransport())

const open = new Opener(() => new MemoryTransport())

test('a memory queue holds as many messages as its high-water mark, the oldest of them', async () => {
  const publisher = await open.publish({ bind: ['inproc://x'] })
  const options = { connect: ['inproc://x'], highWaterMark: 3 }
  const subscriber = await open.subscribe(options, ['a'], { read: false })
  for (let sent = 0; sent < 10; sent++) await publisher.send('a', String(sent))
  void subscriber.read()
  expect(await subscriber.messages.count(3)).toEqual(['a 0', 'a 1', 'a 2'])
  await publisher.send('a', 'next')
  expect((await subscriber.messages.count(4)).at(-1)).toBe('a next')
})

test('sockets of two memory transports never meet', async () => {
  const publisher = await open.publish({ bind: ['inproc://x'] })
  const stranger = await new MemoryTransport().openSubscribe({ connect: ['inproc://x'] })
  stranger.subscribe('a')
  await stranger.close()
  expect(publisher.subscriptions.seen).toEqual([])
})

test('a free port is none that was bound by its number', async () => {
  for (let port = 1; port <= 5; port++) await open.publish({ bind: [`tcp://127.0.0.1:${port}`] })
  const { endpoint } = await open.publish({ bind: ['tcp://127.0.0.1:*'] })
  expect(endpoint).toBe('tcp://127.0.0.1:6')
})
