import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { RenditionStream } from '@zcast/subscribers'
import { frameEnvelope } from '@zcast/testing/streams/envelopes'
import { LivePictures } from '../../../src/pictures/live-pictures.ts'
import { PictureChoice } from '../../../src/pictures/picture-choice.ts'

beforeEach(() => {
  jest.useFakeTimers()
})

afterEach(() => {
  jest.useRealTimers()
})

/** A viewer that receives what its readers wish of a stream of 30 pictures a second. */
class Viewer {
  readonly pictures = new LivePictures()
  readonly stream = new RenditionStream('video/main', {
    open: () => undefined,
    close: () => undefined,
    onChange: () => undefined,
  })
  #frame = 0

  reader(): PictureChoice {
    const { pictures, stream } = this
    const readers = { join: () => () => undefined }
    const choice = new PictureChoice({ pictures, readers, renditions: () => stream, topic: undefined })
    choice.watch(() => undefined)
    return choice
  }

  /** Pictures for a second; one of them comes in every rendition that is received. */
  second(pages: readonly { readonly choice: PictureChoice; readonly draws: number }[] = []): void {
    for (let count = 0; count < 30; count++, this.#frame++) {
      for (const topic of this.stream.topics) this.#send(topic)
      jest.advanceTimersByTime(1000 / 30)
    }
    for (const { choice, draws } of pages) choice.observe({ wanted: 30, carried: draws })
  }

  #send(topic: string): void {
    const height = Number(/@(\d+)p/.exec(topic)?.[1] ?? 720)
    const envelope = {
      ...frameEnvelope(this.#frame, { topic, height, time: this.#frame / 30 }),
      renditions: ['180p'],
    }
    if (!this.stream.arrived(envelope, performance.now())) return
    this.pictures.add(topic === 'video/main' ? envelope : { ...envelope, renditionOf: 'video/main' })
  }
}

describe('the pictures of a reader', () => {
  test('are the smaller ones for a page that draws too few, and the others see no change', () => {
    const viewer = new Viewer()
    const [slow, quick] = [viewer.reader(), viewer.reader()]
    slow.join()
    quick.join()
    viewer.second()
    expect(slow.describe()).toEqual({ type: 'renditions', names: ['whole', '180p'], shown: 'whole' })
    for (let second = 0; second < 3; second++)
      viewer.second([
        { choice: slow, draws: 4 },
        { choice: quick, draws: 30 },
      ])
    viewer.second()
    expect(slow.newest()?.frame.height).toBe(180)
    expect(slow.describe()?.shown).toBe('180p')
    expect(quick.newest()?.frame.height).toBe(720)
    expect(viewer.stream.topics).toEqual(['video/main', 'video@180p/main'])
  })

  test('are larger again for one that draws all for ten seconds', () => {
    const viewer = new Viewer()
    const choice = viewer.reader()
    choice.join()
    for (let second = 0; second < 4; second++) viewer.second([{ choice, draws: 4 }])
    expect(viewer.stream.topics).toEqual(['video@180p/main'])
    for (let second = 0; second < 13; second++) viewer.second([{ choice, draws: 30 }])
    viewer.second()
    expect(viewer.stream.topics).toEqual(['video/main'])
  })

  test('are what the person has chosen, whatever is drawn, until it is auto again', () => {
    const viewer = new Viewer()
    const choice = viewer.reader()
    choice.join()
    viewer.second()
    expect(choice.take('rendition 180p')).toBe(true)
    for (let second = 0; second < 20; second++) viewer.second([{ choice, draws: 30 }])
    expect(choice.newest()?.frame.height).toBe(180)
    choice.take('rendition auto')
    viewer.second()
    expect(choice.newest()?.frame.height).toBe(720)
    choice.take('rendition whole')
    for (let second = 0; second < 5; second++) viewer.second([{ choice, draws: 1 }])
    expect(choice.newest()?.frame.height).toBe(720)
  })

  test('are asked for only while it looks', () => {
    const viewer = new Viewer()
    const choice = viewer.reader()
    choice.take('rendition 180p')
    const leave = choice.join()
    viewer.second()
    viewer.second()
    expect(viewer.stream.topics).toEqual(['video@180p/main'])
    leave()
    viewer.second()
    expect(viewer.stream.topics).toEqual(['video/main'])
  })

  test('do not go back in time when they change', () => {
    const viewer = new Viewer()
    const choice = viewer.reader()
    choice.join()
    viewer.second()
    const times: number[] = []
    const unwatch = choice.watch(({ frame }) => times.push(frame.time))
    for (const text of ['rendition 180p', 'rendition whole', 'rendition 180p']) {
      choice.take(text)
      viewer.second()
    }
    unwatch()
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(times.length).toBeGreaterThan(80)
  })

  test.each([
    ['its publisher was restarted where the clock is behind', 2, 33],
    ['its clock was set back', 1, 1000],
  ])('go on in another rendition after %s', (_, epoch, laterMs) => {
    const pictures = new LivePictures()
    const stream = new RenditionStream('video/main', {
      open: () => undefined,
      close: () => undefined,
      onChange: () => undefined,
    })
    const readers = { join: () => () => undefined }
    const choice = new PictureChoice({ pictures, readers, renditions: () => stream, topic: undefined })
    const small = frameEnvelope(0, { topic: 'video@180p/main', height: 180, time: 5000 })
    pictures.add({ ...small, renditionOf: 'video/main' })
    expect(choice.newest()?.frame.height).toBe(180)
    jest.advanceTimersByTime(laterMs)
    pictures.add(frameEnvelope(0, { height: 720, time: 1000, epoch }))
    expect(choice.newest()?.frame.height).toBe(720)
  })

  test.each(['rendition', 'rendition 360', 'rendition ../x', 'next', 'next 1'])(
    '%j is nothing that is said of renditions',
    (text) => {
      expect(new Viewer().reader().take(text)).toBe(false)
    },
  )
})
