import { describe, expect, test } from '@jest/globals'
import type { Frame } from '@zcast/shared'
import { decodeJpeg } from '@zcast/media'
import type { Room } from '@zcast/room'
import { frameNumber, generateClip } from '@zcast/testing/pictures/generate-clip'
import { ffmpegs } from '../support/ffmpegs.ts'
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

/** Long enough for two flashes, wherever it begins. */
const WATCHED_SECONDS = 3.5

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
  test('shows the pictures of a film in order, each at its own time, to all', async () => {
    await numbered()
    const { ann, watchers } = await onAir()
    await screenOf(ann, ({ isPlaying, problem }) => !isPlaying && problem === undefined)
    for (const { pictures } of watchers) {
      const numbers = await Promise.all(pictures.map(numberOf))
      expect([numbers[0], numbers.at(-1)]).toEqual([0, 25])
      expect(numbers).toEqual(numbers.toSorted((one, other) => one - other))
      // A machine that is held up leaves pictures out; none is shown at another time than its own.
      const begins = pictures.map(({ time }, index) => time - (numbers[index] ?? 0) / 5)
      const moved = numbers.flatMap((number, index) =>
        number !== numbers[index - 1] ? (begins[index] ?? 0) : [],
      )
      for (const begin of moved.slice(1)) expect(Math.abs(begin - (moved[1] ?? 0))).toBeLessThan(0.01)
    }
  })

  test('shows a film the second time without decoding it, wherever it is entered', async () => {
    await numbered()
    const { ann, watchers } = await onAir()
    const [first] = watchers as [Watcher, Watcher]
    await screenOf(ann, ({ isPlaying, film }) => !isPlaying && film !== undefined)
    while ((await ffmpegs()).length > 0) await new Promise(setImmediate)
    ann.say({ type: 'play' })
    ann.say({ type: 'seek', to: 2.05 })
    await screenOf(ann, ({ position, isWaiting }) => position >= 2.05 && position < 3 && !isWaiting)
    const { length } = first.pictures
    await first.until(() => first.pictures.length > length + 3)
    expect(await ffmpegs()).toEqual([])
    const numbers = await numbersOf(first.pictures)
    const at = numbers.lastIndexOf(10)
    expect(numbers.slice(at, at + 4)).toEqual([10, 11, 12, 13])
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
    const windows: number[] = []
    const watch = async (from = 0): Promise<void> => {
      windows.push(from)
      const all = [watcher.pictures, watcher.sound]
      await watcher.until(() => all.every((blocks) => (blocks.at(-1)?.time ?? 0) > from + WATCHED_SECONDS))
    }
    await watcher.until(() => watcher.pictures.length > 0)
    await watch(watcher.pictures[0]?.time)
    ann.say({ type: 'pause' })
    await screenOf(ann, ({ isPlaying }) => !isPlaying)
    ann.say({ type: 'play' })
    const { time } = await screenOf(ann, ({ isPlaying }) => isPlaying)
    await watch(time)
    ann.say({ type: 'seek', to: 6.3 })
    const there = await screenOf(ann, ({ position, isWaiting }) => position >= 6.3 && !isWaiting)
    await watch(there.time)
    // What is left is looked at only now: that takes time, which the room would miss.
    ann.say({ type: 'air', film: null })
    for (const from of windows) {
      const beeps = beepsOf(watcher.sound, from)
      const flashes = await flashesOf(watcher.pictures, from)
      const seen = flashes.filter((flash) => flash < from + WATCHED_SECONDS - 0.2)
      expect(seen.length).toBeGreaterThanOrEqual(2)
      for (const flash of seen)
        expect(Math.min(...beeps.map((beep) => Math.abs(beep - flash)))).toBeLessThan(0.04)
    }
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
    const open = await screening.room({ folder: screening.path('.other') })
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
