import { describe, expect, test } from '@jest/globals'
import type { Envelope } from '@zcast/shared'
import { frameEnvelope } from '@zcast/testing/streams/envelopes'
import { RenditionStream } from '../../../src/rendition/rendition-stream.ts'

const NAMES = ['360p', '180p']

/** A stream of 30 pictures a second at 640x720 under a network that carries some of them. */
class Scene {
  readonly calls: string[] = []
  /** The chosen output at each reported change. */
  readonly changes: string[] = []
  readonly stream = new RenditionStream('video/main', {
    open: (topic, hasLanes) => this.calls.push(`+${topic}${hasLanes ? ' on a lane' : ''}`),
    close: (topic) => this.calls.push(`-${topic}`),
    onChange: () => this.changes.push(this.stream.chosen),
  })
  #frame = 0

  picture(topic: string, more: Partial<Envelope> = {}, frame = this.#frame): boolean {
    const height = Number(/@(\d+)p/.exec(topic)?.[1] ?? 720)
    const envelope = frameEnvelope(frame, { topic, height, width: 640, time: frame / 30, epoch: 5 })
    return this.stream.arrived({ ...envelope, renditions: NAMES, ...more }, (frame * 1000) / 30)
  }

  /** Every `step`-th picture comes for some seconds. @returns Whether all were shown. */
  play(topic: string, step: number, seconds: number): boolean {
    const end = this.#frame + seconds * 30
    let areShown = true
    for (; this.#frame < end; this.#frame += step) areShown = this.picture(topic) && areShown
    return areShown
  }
}

describe('RenditionStream', () => {
  test('turns to a smaller rendition and shows the larger one until that has come', () => {
    const scene = new Scene()
    expect(scene.play('video/main', 1, 3)).toBe(true)
    expect(scene.calls).toEqual([])
    expect(scene.play('video/main', 8, 3)).toBe(true)
    expect(scene.stream.chosen).toBe('180p')
    expect(scene.calls).toEqual(['+video@180p/main'])
    // What was sent for others a while ago is not newer than what is seen.
    expect(scene.picture('video@180p/main', { retained: true })).toBe(false)
    expect(scene.picture('video@180p/main', {}, 3)).toBe(false)
    expect(scene.play('video/main', 8, 0.5)).toBe(true)
    expect(scene.play('video@180p/main', 1, 0.5)).toBe(true)
    expect(scene.calls).toEqual(['+video@180p/main', '-video/main'])
    // It was on its way still.
    expect(scene.picture('video/main')).toBe(false)
  })

  test('and up again once there was room for ten seconds', () => {
    const scene = new Scene()
    scene.play('video/main', 8, 3)
    scene.play('video@180p/main', 1, 13)
    expect(scene.stream.chosen).toBe('360p')
    scene.play('video@360p/main', 1, 13)
    scene.play('video/main', 1, 1)
    expect(scene.stream.topics).toEqual(['video/main'])
  })

  test('receives what somebody wishes beside what the network carries, and nothing larger', () => {
    const scene = new Scene()
    scene.play('video/main', 1, 1)
    const [endWhole, endSmall] = [scene.stream.wish(''), scene.stream.wish('180p')]
    scene.play('video@180p/main', 1, 0.1)
    expect(scene.stream.topics).toEqual(['video/main', 'video@180p/main'])
    endWhole()
    expect(scene.stream.topics).toEqual(['video@180p/main'])
    endSmall()
    scene.play('video/main', 8, 4)
    expect(scene.stream.resolve('')).toBe('180p')
    expect(scene.stream.resolve('360p')).toBe('180p')
    scene.stream.wish('360p')
    scene.play('video@180p/main', 1, 0.1)
    expect(scene.stream.topics).toEqual(['video@180p/main'])
  })

  test('shows another rendition of the same pictures, which come right behind one that goes on', () => {
    const scene = new Scene()
    scene.play('video/main', 1, 1)
    scene.stream.wish('')
    scene.stream.wish('180p')
    expect(scene.picture('video/main', {}, 100)).toBe(true)
    expect(scene.picture('video@180p/main', {}, 100)).toBe(true)
  })

  test('asks for a lane where the publisher has said that it opens some', () => {
    const scene = new Scene()
    scene.picture('video/main', { lanes: true })
    // On a lane nothing is said of them.
    scene.play('video/main', 8, 4)
    expect(scene.calls).toEqual(['+video@180p/main on a lane'])
  })

  test('leaves out renditions that are no smaller than the stream', () => {
    const scene = new Scene()
    scene.picture('video/main', { renditions: ['1080p', '720p', '360p'] })
    expect(scene.stream.names).toEqual(['360p'])
    expect(scene.stream.heights).toEqual([720, 360])
  })

  test('a stream without renditions stays as it is, however slow the network', () => {
    const scene = new Scene()
    for (let frame = 0; frame < 300; frame += 10)
      scene.picture('video/main', { renditions: undefined }, frame)
    expect(scene.calls).toEqual([])
  })

  test('turns back to the stream when nothing comes, and shows what a new publisher sends', () => {
    const scene = new Scene()
    scene.play('video/main', 8, 4)
    scene.play('video@180p/main', 1, 1)
    scene.stream.wish('180p')
    scene.stream.turnBack()
    expect(scene.stream.topics).toEqual(['video@180p/main', 'video/main'])
    expect(scene.picture('video/main', { epoch: 6, renditions: undefined }, 0)).toBe(true)
    expect(scene.stream.topics).toEqual(['video/main'])
  })

  test('reports when it turns back to the stream, once', () => {
    const scene = new Scene()
    scene.play('video/main', 8, 4)
    expect(scene.changes).toEqual(['', '180p'])
    scene.stream.turnBack()
    scene.stream.turnBack()
    expect(scene.changes).toEqual(['', '180p', ''])
  })

  test('closes the renditions that a publisher replaces before they come', () => {
    const scene = new Scene()
    scene.play('video/main', 8, 4)
    for (let height = 200; height < 300; height++)
      expect(scene.picture('video/main', { renditions: [`${height}p`] })).toBe(true)
    expect(scene.stream.topics).toEqual(['video/main', 'video@299p/main'])
  })
})
