import { expect } from '@jest/globals'
import { CollectingSink } from '@zcast/testing/streams/collecting-sink'
import { jpegShell } from '@zcast/testing/streams/envelopes'
import { plainPicture } from '@zcast/testing/pictures/plain-picture'
import { until } from '@zcast/testing/waiting/until'
import { useEnds } from '../support/ends.ts'
import { PEER_PYTHON, usePeers } from '../support/peer.ts'
import { test } from '@jest/globals'

const start = usePeers()
const open = useEnds()

PEER_PYTHON.describe('imagezmq at the other end', () => {
  test('cameras send to a subscriber that listens as to their hub: it answers each picture', async () => {
    const hub = await open.subscribe('imagezmq', 'video')
    const [endpoint] = hub.endpoints as [string]
    const cameras = [start('imagezmq-camera', endpoint, 5), start('imagezmq-camera-raw', endpoint, 5)]
    const sink = new CollectingSink()
    await hub.run(sink, { maxValues: 10 })
    for (const camera of cameras) expect(await camera.lines.count(1)).toEqual(['reply OK'])
    const topics = sink.envelopes.map(({ topic }) => topic)
    for (const topic of ['video/Pi-1', 'video/Pi-3'])
      expect(topics.filter((each) => each === topic)).toHaveLength(5)
    for (const { block } of sink.envelopes) {
      expect(block).toMatchObject({ kind: 'video', width: 64, height: 48 })
      expect([...block.data.subarray(0, 2)]).toEqual([0xff, 0xd8])
    }
    expect(hub.statistics.counts()).toMatchObject({ received: 10, lost: null, invalid: 0 })
  })

  test('the hub goes on when a camera is cut off and another one comes', async () => {
    const hub = await open.subscribe('imagezmq', 'video')
    const [endpoint] = hub.endpoints as [string]
    const first = start('imagezmq-camera', endpoint)
    await hub.run(new CollectingSink(), { maxValues: 3 })
    await first.kill()
    await until(() => hub.state === 'connecting')
    start('imagezmq-camera', endpoint, 3)
    await hub.run(new CollectingSink(), { maxValues: 3 })
    expect(hub.state).toBe('live')
  })

  test('a publisher of imagezmq is received by a subscriber that connects', async () => {
    const camera = start('imagezmq-publisher', 'tcp://127.0.0.1:*')
    const viewer = await open.subscribe('imagezmq', 'video', { connect: [await camera.endpoint()] })
    const sink = new CollectingSink()
    await viewer.run(sink, { maxValues: 3 })
    expect(new Set(sink.envelopes.map(({ topic }) => topic))).toEqual(new Set(['video/Pi-2']))
  })

  test('an existing hub gets every picture of a publisher that connects, until the last one', async () => {
    const hub = start('imagezmq-hub', 'tcp://127.0.0.1:*', 5)
    const publisher = await open.publish('imagezmq', { connect: [await hub.endpoint()] })
    const cam = publisher.topic('video/garden')
    await cam.untilWatched()
    const picture = await plainPicture(40, 30, [200, 80, 40])
    for (let sent = 0; sent < 5; sent++) {
      await cam.send(picture)
      await hub.lines.count(sent + 2)
    }
    await publisher.close()
    const seen = hub.lines.seen
      .slice(1)
      .map((line) => JSON.parse(line) as { header: object; shape: number[] })
    expect(seen.map(({ shape }) => shape)).toEqual(Array.from({ length: 5 }, () => [30, 40, 3]))
    expect(seen.map(({ header }) => header)).toMatchObject(
      [0, 1, 2, 3, 4].map((seq) => ({ msg: 'garden', seq })),
    )
  })

  test('a hub that takes pixels gets them, in the order of OpenCV, and a damaged picture is left out', async () => {
    const hub = start('imagezmq-hub-of-pixels', 'tcp://127.0.0.1:*', 1)
    const publisher = await open.publish('imagezmq:pixels', { connect: [await hub.endpoint()] })
    const cam = publisher.topic('video/garden')
    await cam.untilWatched()
    await cam.send(jpegShell(64, 48))
    await cam.send(await plainPicture(40, 30, [200, 80, 40]))
    const line = (await hub.lines.count(2)).at(1) as string
    const { header, shape, bgr } = JSON.parse(line) as { header: object; shape: number[]; bgr: number[] }
    expect(header).toMatchObject({ msg: 'garden', dtype: 'uint8', seq: 0 })
    expect(shape).toEqual([30, 40, 3])
    for (const [index, value] of [40, 80, 200].entries())
      expect(Math.abs((bgr.at(index) as number) - value)).toBeLessThan(6)
    expect(publisher.counts('garden')).toEqual({ sent: 1, dropped: 1 })
  })

  test('a hub that is restarted is sent to again', async () => {
    const hub = start('imagezmq-hub', 'tcp://127.0.0.1:*')
    const endpoint = await hub.endpoint()
    const publisher = await open.publish('imagezmq', { connect: [endpoint] })
    const cam = publisher.topic('video/garden')
    const picture = await plainPicture(40, 30, [200, 80, 40])
    await cam.untilWatched()
    await cam.send(picture)
    await hub.lines.count(2)
    await hub.kill()
    await until(() => !cam.isWatched)
    const again = start('imagezmq-hub', endpoint)
    await cam.untilWatched()
    await cam.send(picture)
    expect(await again.lines.count(2)).toHaveLength(2)
  })

  test('a viewer of imagezmq shows a publisher that listens', async () => {
    const publisher = await open.publish('imagezmq', { bind: 'tcp://127.0.0.1:*' })
    const cam = publisher.topic('video/garden')
    const viewer = start('imagezmq-viewer', publisher.endpoints.at(0) as string, 2)
    await cam.untilWatched()
    const picture = await plainPicture(40, 30, [200, 80, 40])
    for (let sent = 0; sent < 2; sent++) {
      await cam.send(picture)
      await viewer.lines.count(sent + 1)
    }
    expect(viewer.lines.seen.map((line) => (JSON.parse(line) as { shape: number[] }).shape)).toEqual([
      [30, 40, 3],
      [30, 40, 3],
    ])
  })
})
