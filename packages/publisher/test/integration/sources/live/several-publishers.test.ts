import { PassThrough } from 'node:stream'
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { isRejection, MsgpackCodec } from '@zcast/shared'
import * as zmq from 'zeromq'
import { Publisher } from '../../../../src/publisher.ts'
import { LiveSource } from '../../../../src/sources/live/live-source.ts'
import { StdinInput } from '../../../../src/sources/live/stdin-input.ts'
import { solidPicture } from '../../../support/test-pictures.ts'

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close()
})

let picture: Uint8Array
beforeAll(async () => {
  picture = await solidPicture(0xff0000)
})

/** A live source that gives a picture every few milliseconds. */
function liveSource(): LiveSource {
  const input = new PassThrough()
  const timer = setInterval(() => input.write(picture), 10)
  input.once('close', () => clearInterval(timer))
  return new LiveSource(new StdinInput(input))
}

function start(publisher: Publisher, stream: string): void {
  const controller = new AbortController()
  const running = publisher.run(liveSource(), { stream, signal: controller.signal })
  open.push(async () => {
    controller.abort()
    await running
    await publisher.close()
  })
}

/** Reads until a picture of each topic has come. */
async function receive(socket: zmq.Subscriber, topics: readonly string[]): Promise<void> {
  const missing = new Set(topics)
  const codec = new MsgpackCodec()
  socket.subscribe('video/')
  for await (const message of socket) {
    const decoded = codec.decode(message)
    if (!isRejection(decoded)) missing.delete(decoded.topic)
    if (missing.size === 0) return
  }
}

describe('several sources', () => {
  test('leave by one endpoint under names of their own, each counted', async () => {
    const publisher = await Publisher.open({ bind: ['tcp://127.0.0.1:*'], expectedBytes: 10_000 })
    start(publisher, 'cam')
    start(publisher, 'door')
    const socket = new zmq.Subscriber()
    for (const endpoint of publisher.endpoints) socket.connect(endpoint)
    open.push(async () => socket.close())
    await receive(socket, ['video/cam', 'video/door'])
    expect(publisher.counts('cam').sent).toBeGreaterThan(0)
    expect(publisher.counts('door').sent).toBeGreaterThan(0)
    expect(publisher.sent).toBe(publisher.counts('cam').sent + publisher.counts('door').sent)
  })

  test('of two publishers that connect reach one viewer that listens', async () => {
    const socket = new zmq.Subscriber()
    await socket.bind('tcp://127.0.0.1:*')
    open.push(async () => socket.close())
    for (const stream of ['left', 'right']) {
      start(await Publisher.open({ connect: [socket.lastEndpoint as string], expectedBytes: 10_000 }), stream)
    }
    await receive(socket, ['video/left', 'video/right'])
  })
})
