import { once } from 'node:events'
import { describe, expect, test } from '@jest/globals'
import type { Room } from '@zcast/room'
import { type Frame, type SoundBlock, wallClock } from '@zcast/shared'
import { Subscriber } from '@zcast/subscribers'
import { plainPicture } from '@zcast/testing/pictures/plain-picture'
import { RecordingLog } from '@zcast/testing/waiting/recording-log'
import { WebSocket } from 'ws'
import { type Entered, useRooms } from '../../support/use-rooms.ts'
import { Visit } from '../../support/visit.ts'

const { closeAfter, enter: enterAt, open } = useRooms()

const openRoom = (log?: RecordingLog): Promise<Room> => open({ log })
const enter = (room: Room, name: string): Promise<Entered> => enterAt(room.address, name)

/** Watches or listens as a program elsewhere does. */
async function watch(room: Room, topic: string): Promise<Subscriber> {
  const subscriber = await Subscriber.open({ connect: room.endpoints[0] ?? '', topics: [topic] })
  closeAfter({ close: () => subscriber.close() })
  return subscriber
}

/** The WebSocket of a page's pictures or sound. */
class Capture {
  readonly socket: WebSocket
  readonly told: Record<string, unknown>[] = []
  readonly ended: Promise<unknown>

  constructor(room: Room, path: string) {
    this.socket = new WebSocket(`${room.address.replace('http', 'ws')}/${path}`)
    closeAfter({ close: () => this.socket.terminate() })
    this.socket.on('message', (data: Buffer) =>
      this.told.push(JSON.parse(data.toString()) as Record<string, unknown>),
    )
    this.socket.on('error', () => {})
    this.ended = once(this.socket, 'close')
  }

  static async open(room: Room, path: string, key: unknown, hello: object = {}): Promise<Capture> {
    const capture = new Capture(room, path)
    await once(capture.socket, 'open')
    capture.socket.send(JSON.stringify({ key, ...hello }))
    await once(capture.socket, 'message')
    return capture
  }

  send(bytes: Uint8Array, time = wallClock()): void {
    const head = Buffer.alloc(8)
    head.writeDoubleLE(time)
    this.socket.send(Buffer.concat([head, bytes]))
  }

  /** The codes with which it was refused. */
  get refusals(): readonly unknown[] {
    return this.told.filter(({ type }) => type === 'refused').map(({ code }) => code)
  }
}

const red = (): Promise<Uint8Array> => plainPicture(64, 48, [220, 0, 0])

/** Shares and watches, and waits until the page is asked for pictures or sound. */
async function share(
  room: Room,
  name: string,
  what: 'camera' | 'microphone',
  hello: object = {},
): Promise<Entered & { readonly capture: Capture; readonly subscriber: Subscriber }> {
  const sharer = await enter(room, name)
  sharer.visit.say({ type: 'share', [what]: what === 'camera' ? 'camera' : true })
  await sharer.visit.until('wanted', (message) => message[what] === false)
  const subscriber = await watch(room, `${what === 'camera' ? 'video' : 'audio'}/${name}`)
  await sharer.visit.until('wanted', (message) => message[what] === true)
  return { ...sharer, capture: await Capture.open(room, what, sharer.key, hello), subscriber }
}

describe('cameras and microphones of guests', () => {
  test('are streams with the name of their guest, made safe, unique, and free again once they leave', async () => {
    const room = await openRoom()
    const [ann, zoe, same, none] = [
      await enter(room, 'ann'),
      await enter(room, 'Zoë / Müller'),
      await enter(room, 'Zoe-Muller'),
      await enter(room, '你好'),
    ]
    ann.visit.say({ type: 'share', camera: 'screen', microphone: true })
    await ann.visit.until('guests', ({ guests }) =>
      (guests as { camera?: string }[]).some(({ camera }) => camera),
    )
    for (const { visit } of [zoe, same, none]) {
      visit.say({ type: 'share', camera: 'camera' })
      await visit.until('wanted')
    }
    const seen = async (by: Visit, name: string): Promise<unknown> => {
      const { guests } = await by.until('guests', (message) =>
        (message['guests'] as { name: string; camera?: string }[]).some(
          (guest) => guest.name === name && guest.camera,
        ),
      )
      return (guests as { name: string }[]).find((guest) => guest.name === name)
    }
    expect(await seen(none.visit, 'ann')).toMatchObject({ camera: 'ann', microphone: 'ann', isScreen: true })
    expect(await seen(none.visit, 'Zoë / Müller')).toMatchObject({ camera: 'Zoe-Muller' })
    expect(await seen(none.visit, 'Zoe-Muller')).toMatchObject({ camera: 'Zoe-Muller-2' })
    expect(await seen(ann.visit, '你好')).toMatchObject({ camera: 'guest' })
    zoe.visit.close()
    const again = await Visit.join(room.address, 'Zoë / Müller', { key: zoe.key })
    closeAfter({ close: () => again.close() })
    again.say({ type: 'share', camera: 'camera' })
    await again.until('wanted')
    expect(await seen(again, 'Zoë / Müller')).toMatchObject({ camera: 'Zoe-Muller' })
  })

  test('are asked for pictures only while somebody watches, each with its time, and acknowledged', async () => {
    const room = await openRoom()
    const { visit, capture, subscriber } = await share(room, 'ann', 'camera')
    const time = wallClock() - 0.5
    const picture = await red()
    capture.send(picture, time)
    for await (const { topic, block } of subscriber) {
      expect(topic).toBe('video/ann')
      expect(block).toMatchObject({ time, width: 64, height: 48 })
      expect(Buffer.compare((block as Frame).data, picture)).toBe(0)
      break
    }
    expect(capture.told).toEqual([{ type: 'ready' }, { type: 'taken', count: 1 }])
    await subscriber.close()
    await visit.until('wanted', ({ camera }) => camera === false)
    visit.say({ type: 'share', camera: null })
    await capture.ended
    await visit.until('guests', ({ guests }) => (guests as { camera?: string }[])[0]?.camera === undefined)
  })

  test('send sound in pieces, acknowledged ten at a time', async () => {
    const room = await openRoom()
    const { capture, subscriber } = await share(room, 'ann', 'microphone')
    const samples = Int16Array.from({ length: 960 }, (_, index) => index)
    for (let piece = 0; piece < 10; piece += 1) capture.send(new Uint8Array(samples.buffer))
    let heard = 0
    for await (const { topic, block } of subscriber) {
      expect(topic).toBe('audio/ann')
      expect(block).toMatchObject({ rate: 48_000, channels: 1, samples: 960, format: 's16' })
      expect([...new Int16Array((block as SoundBlock).data.slice().buffer)]).toEqual([...samples])
      if ((heard += 1) === 10) break
    }
    expect(capture.told).toEqual([{ type: 'ready' }, { type: 'taken', count: 10 }])
  })

  test('send a third of the samples on a slow network, and are heard as long', async () => {
    const room = await openRoom()
    const { capture, subscriber } = await share(room, 'ann', 'microphone', { rate: 16_000 })
    capture.send(new Uint8Array(Int16Array.of(300, 600).buffer))
    capture.send(new Uint8Array(Int16Array.of(-32_768).buffer))
    const samples: number[] = []
    for await (const { block } of subscriber) {
      expect(block).toMatchObject({ rate: 48_000, channels: 1 })
      samples.push(...new Int16Array((block as SoundBlock).data.slice().buffer))
      if (samples.length >= 9) break
    }
    expect(samples).toEqual([100, 200, 300, 400, 500, 600, -10_523, -21_645, -32_768])
  })

  test('are refused at another rate', async () => {
    const room = await openRoom()
    const { capture } = await share(room, 'ann', 'microphone', { rate: 8000 })
    await capture.ended
    expect(capture.refusals).toEqual(['ERR_SOUND'])
  })

  test.each([Number.NaN, 0, -1e300, Infinity, 4e9])('do not set the clock to %d', async (time) => {
    const room = await openRoom()
    const { capture, subscriber } = await share(room, 'ann', 'camera')
    const before = wallClock()
    capture.send(await red(), time)
    for await (const { block } of subscriber) {
      expect(block.time).toBeGreaterThanOrEqual(before)
      expect(block.time).toBeLessThanOrEqual(wallClock())
      break
    }
  })

  test('are taken from guests in the room who share, and from nobody else', async () => {
    const room = await openRoom()
    const { visit, key } = await enter(room, 'ann')
    for (const [path, secret] of [
      ['camera', 'guess'],
      ['camera', key],
      ['microphone', { toString: 1 }],
      ['microphone', undefined],
    ] as const) {
      const capture = await Capture.open(room, path, secret)
      await capture.ended
      expect(capture.refusals).toEqual(['ERR_SHARE'])
    }
    const silent = new Capture(room, 'camera')
    await once(silent.socket, 'open')
    silent.send(await red())
    await silent.ended
    expect(silent.told).toEqual([])
    for (const wrong of [{ camera: 'film' }, { camera: 1 }, { microphone: 'yes' }]) {
      visit.say({ type: 'share', ...wrong })
      expect(await visit.until('refused')).toMatchObject({ about: 'share', code: 'ERR_SHARE' })
    }
  })

  test('end with their guest', async () => {
    const room = await openRoom()
    const { visit, capture } = await share(room, 'ann', 'camera')
    visit.close()
    await capture.ended
  })

  test('refuse what is no picture that others may be shown; said once in the log, and the room goes on', async () => {
    const log = new RecordingLog()
    const room = await openRoom(log)
    const { capture, key } = await share(room, 'ann', 'camera')
    const picture = Buffer.from(await red())
    // The size in the header of a picture of a few hundred bytes.
    const sized = (width: number, height: number): Buffer => {
      const bomb = Buffer.from(picture)
      const header = bomb.indexOf(Buffer.of(0xff, 0xc0))
      bomb.writeUInt16BE(height, header + 5)
      bomb.writeUInt16BE(width, header + 7)
      return bomb
    }
    let current = capture
    for (const bad of [
      Buffer.from('<svg onload="alert(1)"/>'),
      Buffer.alloc(0),
      picture.subarray(0, picture.length - 40),
      Buffer.concat([picture, Buffer.from('more')]),
      sized(65_500, 65_500),
      sized(8000, 8000),
      sized(1921, 1200),
    ]) {
      current.send(bad)
      await current.ended
      expect(current.refusals).toEqual(['ERR_PICTURE'])
      current = await Capture.open(room, 'camera', key)
    }
    current.socket.send(Buffer.alloc(3))
    await current.ended
    const large = await Capture.open(room, 'camera', key)
    large.send(Buffer.alloc(2 * 1024 * 1024 + 1))
    await large.ended
    expect(large.refusals).toEqual([])
    expect(new Set(log.lines.map((line) => line.split(':')[0]))).toEqual(
      new Set(["what a guest's camera sends was refused"]),
    )
    const good = await Capture.open(room, 'camera', key)
    good.send(picture)
    await once(good.socket, 'message')
    expect(good.told.at(-1)).toEqual({ type: 'taken', count: 1 })
  })

  test('refuse what is no sound', async () => {
    const room = await openRoom()
    const { capture, key } = await share(room, 'ann', 'microphone')
    capture.send(Buffer.alloc(3))
    await capture.ended
    expect(capture.refusals).toEqual(['ERR_SOUND'])
    const large = await Capture.open(room, 'microphone', key)
    large.send(Buffer.alloc(9602))
    await large.ended
  })

  test('take at most 30 pictures a second, and let go of a page that does not wait', async () => {
    const room = await openRoom()
    const { capture, key, subscriber } = await share(room, 'ann', 'camera')
    const picture = await red()
    for (let count = 0; count < 100; count += 1) capture.send(picture)
    await capture.ended
    expect(capture.refusals).toEqual(['ERR_BUSY'])
    const patient = await Capture.open(room, 'camera', key)
    const startedMs = performance.now()
    for (let count = 0; count < 20; count += 1) {
      patient.send(picture)
      await once(patient.socket, 'message')
    }
    // Four at once, then one each 33 ms.
    expect(performance.now() - startedMs).toBeGreaterThan(400)
    await subscriber.close()
  })

  test('let nobody turn them on and off without end', async () => {
    const room = await openRoom()
    const { visit } = await enter(room, 'ann')
    for (let count = 0; count < 40; count += 1)
      visit.say({ type: 'share', camera: count % 2 === 0 ? 'camera' : null })
    expect(await visit.until('refused')).toMatchObject({ about: 'share', code: 'ERR_BUSY' })
  })
})
