import { describe, expect, test } from '@jest/globals'
import type { Frame } from '@zcast/shared'
import { decodeJpeg } from '@zcast/media'
import type { Room } from '@zcast/room'
import { frameNumber, generateClip } from '@zcast/testing/pictures/generate-clip'
import { flashAndBeep, flashesOf, beepsOf } from '../support/flash-and-beep.ts'
import { filmOf, screenOf, Screening, settle, type Watcher } from '../support/screening.ts'
import type { Visit } from '../support/visit.ts'

const screening = new Screening()

/** A film of 26 pictures, five a second, that are numbered by their greys; without sound. */
async function numbered(name = 'greys'): Promise<void> {
  await settle(await generateClip(screening.path(`${name}.mp4`), { frames: 26, rate: '5' }))
}

async function numberOf({ data }: Frame): Promise<number> {
  return frameNumber((await decodeJpeg(data)).pixels)
}

/** The numbers of pictures, without repetitions of one that stands still. */
async function numbersOf(frames: readonly Frame[]): Promise<number[]> {
  const numbers = await Promise.all(frames.map(numberOf))
  return numbers.filter((number, index) => number !== numbers[index - 1])
}

async function onAir(name = 'greys'): Promise<{ room: Room; ann: Visit; watchers: Watcher[] }> {
  const room = await screening.room()
  const ann = await screening.guest(room)
  const film = await filmOf(ann, name)
  const watchers = [await screening.watcher(room), await screening.watcher(room)]
  ann.say({ type: 'air', film: film.id })
  return { room, ann, watchers }
}

describe('the screen of a room', () => {
  test('shows every picture of a film in order, at its own pace, to all', async () => {
    await numbered()
    const { ann, watchers } = await onAir()
    await screenOf(ann, ({ isPlaying, problem }) => !isPlaying && problem === undefined)
    for (const { pictures } of watchers) {
      const numbers = await numbersOf(pictures)
      expect(numbers).toEqual(Array.from({ length: 26 }, (_, index) => index))
      const times = pictures.map(({ time }) => time)
      for (const [index, time] of times.entries()) {
        if (index >= 2 && index < 20) expect(time - (times[index - 1] ?? 0)).toBeCloseTo(0.2, 2)
      }
    }
  })

  test('stands still on the same picture for all, also for who comes later, and goes on from it', async () => {
    await numbered()
    const { room, ann, watchers } = await onAir()
    const [first, second] = watchers as [Watcher, Watcher]
    await first.until(() => first.pictures.length >= 4)
    ann.say({ type: 'pause' })
    await screenOf(ann, ({ isPlaying }) => !isPlaying)
    // It is sent again while it stands still.
    const still = await first.next()
    const again = await first.next()
    const late = await screening.watcher(room)
    await late.until(() => late.pictures.length > 0)
    await second.until(() => second.pictures.at(-1)?.seq === again.seq)
    const number = await numberOf(still)
    const seen = [again, second.pictures.at(-1), late.pictures[0]] as Frame[]
    expect(await Promise.all(seen.map(numberOf))).toEqual([number, number, number])
    ann.say({ type: 'play' })
    const next = await first.next(({ data }) => Buffer.compare(data, still.data) !== 0)
    expect(await numberOf(next)).toBe(number + 1)
  })

  test('goes to a place while it stands still, and shows the picture there; then while it plays', async () => {
    await numbered()
    const { ann, watchers } = await onAir()
    const [first] = watchers as [Watcher, Watcher]
    await first.until(() => first.pictures.length >= 2)
    ann.say({ type: 'pause' })
    await screenOf(ann, ({ isPlaying }) => !isPlaying)
    ann.say({ type: 'seek', to: 4 })
    const there = await first.next(
      ({ data }) => Buffer.compare(data, first.pictures[0]?.data ?? Buffer.of()) !== 0,
    )
    expect(await numberOf(there)).toBe(20)
    expect(await screenOf(ann, ({ position }) => position === 4)).toMatchObject({
      isPlaying: false,
      by: 'ann',
    })
    const before = first.pictures.length
    ann.say({ type: 'play' })
    ann.say({ type: 'seek', to: 2 })
    await screenOf(ann, ({ position, isWaiting }) => position > 2 && position < 4 && !isWaiting).catch(
      () => {},
    )
    await first.until(() => first.pictures.length > before + 3)
    const numbers = await numbersOf(first.pictures.slice(before))
    expect(numbers.slice(numbers.indexOf(10), numbers.indexOf(10) + 3)).toEqual([10, 11, 12])
  })

  test('keeps sound in step with the pictures, through a pause and a jump', async () => {
    await settle(await flashAndBeep(screening.path('flash.mp4')))
    const { ann, watchers } = await onAir('flash')
    const [watcher] = watchers as [Watcher, Watcher]
    const steps = async (from: number): Promise<void> => {
      const until = from + 2.5
      await watcher.until(() =>
        [watcher.pictures, watcher.sound].every((all) => (all.at(-1)?.time ?? 0) > until),
      )
      const flashes = await flashesOf(watcher.pictures, from)
      expect(flashes.length).toBeGreaterThanOrEqual(2)
      for (const flash of flashes.filter((time) => time < until - 0.2)) {
        const off = beepsOf(watcher.sound, from).map((time) => Math.abs(time - flash))
        expect(Math.min(...off)).toBeLessThan(0.04)
      }
    }
    await watcher.until(() => watcher.pictures.length > 0)
    await steps(watcher.pictures[0]?.time ?? 0)
    ann.say({ type: 'pause' })
    await screenOf(ann, ({ isPlaying }) => !isPlaying)
    const paused = watcher.sound.at(-1)?.time ?? 0
    ann.say({ type: 'play' })
    await steps(paused + 0.05)
    ann.say({ type: 'seek', to: 6.3 })
    await screenOf(ann, ({ position, isWaiting }) => position >= 6.3 && !isWaiting)
    await steps(watcher.sound.at(-1)?.time ?? 0)
  })

  test('decodes nothing while nobody watches, and lets the next one land in the moment', async () => {
    await numbered()
    const room = await screening.room()
    const ann = await screening.guest(room)
    const film = await filmOf(ann, 'greys')
    ann.say({ type: 'air', film: film.id })
    const { time, position } = await screenOf(ann, ({ isPlaying }) => isPlaying)
    const watcher = await screening.watcher(room)
    const first = await watcher.next()
    const place = position + first.time - time
    expect(Math.abs((await numberOf(first)) - place * 5)).toBeLessThanOrEqual(1)
    await watcher.subscriber.close()
    ann.say({ type: 'seek', to: 0 })
    ann.say({ type: 'pause' })
    await screenOf(ann, (screen) => !screen.isPlaying && screen.position < 0.2)
    const back = await screening.watcher(room)
    expect(await numberOf(await back.next())).toBe(0)
  })

  test('goes on to the next film at the end of one, and stays at the end of the last', async () => {
    await numbered('a')
    await numbered('b')
    const { ann, watchers } = await onAir('a')
    const [first] = watchers as [Watcher, Watcher]
    await first.until(() => first.pictures.length >= 1)
    ann.say({ type: 'seek', to: 4.8 })
    const following = await screenOf(ann, ({ name }) => name === 'b')
    expect(following.isPlaying).toBe(true)
    expect(following.position).toBeLessThan(1)
    ann.say({ type: 'seek', to: 4.8 })
    const { position, seconds } = await screenOf(ann, ({ isPlaying }) => !isPlaying)
    expect(position).toBe(seconds)
    ann.say({ type: 'next' })
    expect(await screenOf(ann, ({ name }) => name === 'a')).toMatchObject({ isPlaying: true })
  })

  test('is decided by hosts alone where the room says so, and by nobody too often', async () => {
    await numbered()
    const room = await screening.room({ hostToken: 'h'.repeat(20), token: undefined, hostsOnly: true })
    const ann = await screening.guest(room)
    ann.say({ type: 'play' })
    expect(await ann.until('refused')).toMatchObject({ about: 'play', code: 'ERR_NOT_HOST' })
    const open = await screening.room()
    const ben = await screening.guest(open, 'ben')
    for (const [message, code] of [
      [{ type: 'play' }, 'ERR_NOTHING_ON_AIR'],
      [{ type: 'seek', to: 5 }, 'ERR_NOTHING_ON_AIR'],
      [{ type: 'seek', to: 'x' }, 'ERR_MESSAGE'],
      [{ type: 'seek', to: null }, 'ERR_MESSAGE'],
      [{ type: 'air', film: '../../etc/passwd' }, 'ERR_NO_FILM'],
      [{ type: 'air', film: { id: 1 } }, 'ERR_NO_FILM'],
    ] as const) {
      ben.say(message)
      expect(await ben.until('refused')).toMatchObject({ about: message.type, code })
    }
    for (let count = 0; count < 200; count++) ben.say({ type: count % 2 ? 'play' : 'pause' })
    await ben.until('refused', ({ code }) => code === 'ERR_TOO_MANY')
  })

  test('of a hundred seeks in a row shows the last one, and says so in a few messages', async () => {
    await numbered()
    const { ann, watchers } = await onAir()
    const [first] = watchers as [Watcher, Watcher]
    await first.until(() => first.pictures.length >= 1)
    ann.say({ type: 'pause' })
    await screenOf(ann, ({ isPlaying }) => !isPlaying)
    for (let count = 0; count <= 100; count++) ann.say({ type: 'seek', to: count / 25 })
    const { length } = first.pictures
    await screenOf(ann, ({ position }) => position === 4)
    for (;;) if ((await numberOf(await first.next())) === 20) break
    const shown = await numbersOf(first.pictures.slice(length))
    expect(shown.length).toBeLessThan(20)
    expect(ann.told.filter(({ type }) => type === 'screen').length).toBeLessThan(10)
  })
})
