import { describe, expect, test } from '@jest/globals'
import { RenditionChooser } from '../../../src/rendition/rendition-chooser.ts'

/** Heights of the stream as it is and its renditions, and what a picture of each takes, in kB. */
const HEIGHTS = [720, 480, 360, 240]
const KILOBYTES = [70, 38, 24, 13]

/** When another one was chosen, in seconds, and which. */
type Change = readonly [number, number]

interface SimulatedLink {
  readonly seconds: number
  /** What it carries at a time, in kB a second. */
  readonly kilobytes: (second: number) => number
  readonly wanted?: number
  readonly chooser?: RenditionChooser
}

/** Reads the link four times a second, as averages of the last second and a half. */
function simulate({ seconds, kilobytes, wanted = 30, chooser = offered() }: SimulatedLink): Change[] {
  const changes: Change[] = []
  let recent: number[] = []
  for (let second = 0; second < seconds; second += 0.25) {
    const kilobytesEach = KILOBYTES[chooser.current] ?? Number.NaN
    recent = [...recent.slice(-5), Math.min(wanted, kilobytes(second) / kilobytesEach)]
    const carried = recent.reduce((sum, one) => sum + one, 0) / recent.length
    if (recent.length < 4 || !chooser.observe({ nowMs: second * 1000, wanted, carried })) continue
    changes.push([second, chooser.current])
    recent = []
  }
  return changes
}

function offered(): RenditionChooser {
  const chooser = new RenditionChooser()
  chooser.offer(HEIGHTS)
  return chooser
}

const chosen = (changes: readonly Change[]): number[] => changes.map(([, choice]) => choice)

describe('RenditionChooser', () => {
  test('a link with room for everything keeps the stream as it is', () => {
    expect(simulate({ seconds: 300, kilobytes: () => 10_000 })).toEqual([])
  })

  test('so does one that carries fifteen a second of it, however many there are', () => {
    expect(simulate({ seconds: 300, kilobytes: () => 15 * 70 })).toEqual([])
  })

  test('and one that carries all of a stream that has fewer', () => {
    expect(simulate({ seconds: 300, kilobytes: () => 6 * 70, wanted: 5 })).toEqual([])
  })

  test('a link that drops leads to the largest that it carries within three seconds', () => {
    const changes = simulate({ seconds: 30, kilobytes: (second) => (second < 10 ? 3000 : 400) })
    expect(changes[0]?.[0]).toBeLessThanOrEqual(13)
    expect(chosen(changes)).toEqual([2])
  })

  test('one that carries nothing much leads to the smallest, and to no other', () => {
    expect(chosen(simulate({ seconds: 300, kilobytes: () => 40 }))).toEqual([3])
  })

  test('a link that has recovered leads up again, ten seconds for each step', () => {
    const changes = simulate({ seconds: 90, kilobytes: (second) => (second < 20 ? 250 : 10_000) })
    expect(chosen(changes)).toEqual([3, 2, 1, 0])
    for (const [index, [second]] of changes.slice(1).entries()) {
      expect(second).toBeGreaterThanOrEqual(20 + 10 * (index + 1))
      expect(second).toBeLessThanOrEqual(20 + 13 * (index + 1))
    }
  })

  test('what proves too large is tried again ever later, and at least every three minutes', () => {
    const chooser = new RenditionChooser()
    chooser.offer([720, 240])
    const kilobytes = (): number => (chooser.current === 0 ? 400 : 10_000)
    const changes = simulate({ seconds: 1000, kilobytes, chooser })
    const tries = changes.filter(([, choice]) => choice === 0).map(([second]) => second)
    const pauses = tries.slice(1).map((second, index) => second - (tries[index] ?? 0))
    expect(
      pauses.slice(0, 4).every((pause, index) => index === 0 || pause > 1.5 * (pauses[index - 1] ?? 0)),
    ).toBe(true)
    expect(tries.length).toBeLessThan(11)
    expect(Math.max(...pauses)).toBeLessThan(180)
    // Most of the time it is right.
    const wrong = tries.map((second) => (changes.find(([at]) => at > second)?.[0] ?? 1000) - second)
    expect(Math.max(...wrong)).toBeLessThanOrEqual(3)
  })

  test('a noisy link with enough on the whole does not make it go up and down', () => {
    // Every third second carries half of what is needed.
    const kilobytes = (second: number): number => (Math.floor(second) % 3 === 0 ? 7 * 70 : 40 * 70)
    expect(simulate({ seconds: 300, kilobytes })).toEqual([])
  })

  test('one that is good and bad in turn, for half a minute each, is followed at no more than its pace', () => {
    const kilobytes = (second: number): number => (Math.floor(second / 15) % 2 === 0 ? 3000 : 300)
    // Each change of the link is one down at the most; up comes ever later.
    expect(simulate({ seconds: 600, kilobytes }).length).toBeLessThan(30)
  })

  test('a stop of a second is no reason', () => {
    expect(simulate({ seconds: 60, kilobytes: (second) => (second === 20 ? 0 : 3000) })).toEqual([])
  })

  test('time without readings is neither room nor the lack of it', () => {
    const chooser = offered()
    const few = { wanted: 30, carried: 4 }
    expect(chooser.observe({ nowMs: 0, ...few })).toBe(false)
    expect(chooser.observe({ nowMs: 60_000, ...few })).toBe(false)
    expect(chooser.observe({ nowMs: 61_000, ...few })).toBe(true)
    const all = { wanted: 30, carried: 30 }
    expect(chooser.observe({ nowMs: 62_000, ...all })).toBe(false)
    expect(chooser.observe({ nowMs: 90_000, ...all })).toBe(false)
  })

  test('keeps what it has chosen when others are offered, and the nearest where that is gone', () => {
    const chooser = offered()
    simulate({ seconds: 5, kilobytes: () => 400, chooser })
    expect(chooser.current).toBe(2)
    chooser.offer([720, 360, 240])
    expect(chooser.current).toBe(1)
    chooser.offer([720])
    expect([chooser.current, chooser.isSmallest]).toEqual([0, true])
  })
})
