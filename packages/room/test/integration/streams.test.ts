import { once } from 'node:events'
import { afterEach, describe, expect, test } from '@jest/globals'
import { Publisher } from '@zcast/publisher'
import { PatternSource } from '@zcast/publisher/video'
import { ToneSource } from '@zcast/publisher/audio'
import { type Film, parseLiveSource, type Room } from '@zcast/room'
import { readJpegSize } from '@zcast/shared/internal'
import { until } from '@zcast/testing/waiting/until'
import { WebSocket } from 'ws'
import { flashAndBeep } from '../support/flash-and-beep.ts'
import { filmOf, screenOf, Screening, settle } from '../support/screening.ts'

const screening = new Screening()
const open: { close(): unknown }[] = []

afterEach(async () => {
  for (const thing of open.splice(0).toReversed()) await thing.close()
})

/** What a page is sent on one of its channels, asking for more each time. */
async function channel(room: Room, path: string): Promise<{ socket: WebSocket; messages: Buffer[] }> {
  const socket = new WebSocket(`${room.address.replace('http', 'ws')}${path}`)
  open.push({ close: () => socket.terminate() })
  const messages: Buffer[] = []
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (isBinary) messages.push(data)
    socket.send('next')
  })
  await once(socket, 'open')
  socket.send('next')
  return { socket, messages }
}

/** A publisher of a pattern and a tone, 320 pixels wide, and whether anybody wants them. */
async function liveStream(): Promise<{ endpoint: string }> {
  const publisher = await Publisher.open({ bind: 'tcp://127.0.0.1:*', expectedBytes: 100_000 })
  open.push(publisher)
  for (const source of [new PatternSource({ width: 320, height: 180, fps: 20 }), new ToneSource()])
    publisher.run(source, { stream: 'cam' }).catch(() => undefined)
  return { endpoint: publisher.endpoints[0] ?? '' }
}

describe('the streams of a room', () => {
  test('reach its pages, pictures and sound, and no stream that the room does not have', async () => {
    await settle(await flashAndBeep(screening.path('a.mp4')))
    const room = await screening.room()
    const ann = await screening.guest(room)
    const { id } = await filmOf(ann, 'a')
    ann.say({ type: 'air', film: id })
    const pictures = await channel(room, '/pictures?topic=video/main')
    const sound = await channel(room, '/sound?topic=audio/main')
    await until(() => pictures.messages.length > 5 && sound.messages.length > 5)
    for (const path of [
      '/pictures?topic=video/other',
      '/pictures',
      '/sound?topic=audio/ann',
      '/sound?topic=x',
    ]) {
      const socket = new WebSocket(`${room.address.replace('http', 'ws')}${path}`)
      const [code] = (await once(socket, 'close')) as [number]
      expect([path, code]).toEqual([path, 1008])
    }
  })

  test('put a live stream on air as it is, which stands still and goes on with what is now', async () => {
    const { endpoint } = await liveStream()
    const room = await screening.room({ sources: [parseLiveSource(`garden=${endpoint}/cam`)] })
    const ann = await screening.guest(room)
    const { films } = (await ann.until('welcome')) as unknown as { films: readonly Film[] }
    expect(films).toMatchObject([{ name: 'garden', isLive: true }])
    const watcher = await screening.watcher(room)
    ann.say({ type: 'air', film: films[0]?.id })
    const { data } = await watcher.next()
    expect(readJpegSize(data)).toEqual({ width: 320, height: 180 })
    await watcher.until(() => watcher.sound.length > 5)
    expect(watcher.sound[0]).toMatchObject({ rate: 48_000, channels: 1, seq: 0 })
    expect(await screenOf(ann, ({ isWaiting }) => !isWaiting)).toMatchObject({ isLive: true, name: 'garden' })
    ann.say({ type: 'seek', to: 3 })
    expect(await ann.until('refused')).toMatchObject({ about: 'seek', code: 'ERR_LIVE' })
    ann.say({ type: 'pause' })
    await screenOf(ann, ({ isPlaying }) => !isPlaying)
    const still = await watcher.next()
    const again = await watcher.next(({ time }) => time > still.time + 1)
    expect(Buffer.compare(again.data, still.data)).toBe(0)
    ann.say({ type: 'play' })
    await watcher.next(({ data: now }) => Buffer.compare(now, still.data) !== 0)
  })

  test('say that nothing comes from a live stream, until something does', async () => {
    const room = await screening.room({ sources: [parseLiveSource('garden=tcp://127.0.0.1:9/cam')] })
    const ann = await screening.guest(room)
    await screening.watcher(room)
    ann.say({ type: 'air', film: 'live-0' })
    expect((await screenOf(ann, ({ problem }) => problem !== undefined)).problem).toBe(
      'nothing comes from garden at the moment',
    )
  })
})
