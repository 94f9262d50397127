import { describe, expect, test } from '@jest/globals'
import type { Envelope } from '@zcast/shared'
import type { Subscriber } from '@zcast/subscribers'
import { pictureEnvelope, plainPicture } from '@zcast/testing/pictures/plain-picture'
import { until } from '@zcast/testing/waiting/until'
import { Hops } from '../support/hops.ts'

const hops = new Hops()

async function next(subscriber: Subscriber): Promise<Envelope> {
  for await (const envelope of subscriber) return envelope
  throw new Error('the subscriber was closed')
}

describe('through two relays', () => {
  test('a rendition is made only while somebody far below wants it, and the picture of full size not for that', async () => {
    const publisher = await hops.publisher({ pictureTopics: 2 })
    const watched = { full: false, small: false }
    publisher.forward('video/cam', { onWatched: (isWatched) => (watched.full = isWatched) })
    const small = publisher.forward('video@360p/cam', {
      onWatched: (isWatched) => (watched.small = isWatched),
    })
    const first = await hops.relay(publisher.endpoints)
    const second = await hops.relay(first.endpoints)
    const viewer = await hops.subscriber(second.endpoints, ['video@360p/cam'])
    await until(() => watched.small)
    const picture = { data: await plainPicture(24, 16, [9, 9, 9]), width: 24, height: 16 }
    await small.send(pictureEnvelope(picture, 'video@360p/cam'))
    expect(await next(viewer)).toMatchObject({ topic: 'video@360p/cam', block: { seq: 0 } })
    expect(watched.full).toBe(false)
    await viewer.close()
    await until(() => !watched.small)
    expect(watched.full).toBe(false)
  })

  test('sound and what people say come whole, and the newest line of a chat for who joins late', async () => {
    const publisher = await hops.publisher()
    const first = await hops.relay(publisher.endpoints)
    const second = await hops.relay(first.endpoints)
    const chat = publisher.topic('chat/main')
    const sound = publisher.topic('audio/main', { rate: 8000, channels: 1, format: 's16' })
    const reader = await hops.subscriber(second.endpoints, ['chat/main'])
    const listener = await hops.subscriber(second.endpoints, ['audio/main'])
    await Promise.all([chat.untilWatched(), sound.untilWatched()])
    await chat.send({ id: 1, name: 'ann', guest: 'a1', text: 'hello \u2615' })
    await sound.send(Int16Array.from({ length: 160 }, (_, index) => index))
    const line = { kind: 'chat', name: 'ann', id: 1 }
    expect(await next(reader)).toMatchObject({ block: line })
    expect(await next(listener)).toMatchObject({ block: { kind: 'audio', rate: 8000, channels: 1 } })
    const late = await hops.subscriber(second.endpoints, ['chat/main'])
    expect(await next(late)).toMatchObject({ retained: true, block: line })
  })
})
