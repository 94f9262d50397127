import { describe, expect, test } from '@jest/globals'
import { PictureLag } from '../../../assets/history/picture-lag.js'
import { PlayClock } from '../../../assets/history/play-clock.js'
import { PastPlayout } from '../../../assets/sound/past-playout.js'

const TOPIC = 'video/main'

interface Times {
  /** How long after their time pictures had come, and how long after the moment they are shown. */
  readonly pictures?: { readonly transit: number; readonly lag: number }
  /** How long after its time sound had come. */
  readonly transit?: number
  readonly speed?: number
}

/** The time of the sound that is due when the moment is 1000. */
function dueAt1000({ pictures, transit, speed = 1 }: Times): number {
  const [clock, lag] = [new PlayClock(), new PictureLag()]
  clock.setSpeed(speed, 0)
  clock.seek(1000, 0)
  clock.start(0)
  if (pictures) {
    const shown = { topic: TOPIC, time: 990 - pictures.transit, recordedAt: 990 }
    lag.note(shown, { time: 990 + pictures.lag * speed, speed })
  }
  const playout = new PastPlayout({ clock, lag, kept: () => ({ to: 2000, isGrowing: false }) }, TOPIC)
  playout.transit = transit
  return playout.timeDueAt(0)
}

describe('sound of the past is due', () => {
  test.each<[string, Times, number]>([
    ['at its own time where it has no pictures', { transit: 0.3 }, 1000],
    ['as it came where its publisher has another clock', { transit: -500 }, 1500],
    ['with pictures that took longer', { transit: 0.3, pictures: { transit: 0.5, lag: 0 } }, 999.5],
    ['with pictures of another clock', { transit: 100.3, pictures: { transit: 100.5, lag: 0 } }, 899.5],
    [
      'when it came, where only its pictures have another clock',
      { transit: 0.3, pictures: { transit: 50, lag: 0 } },
      1000,
    ],
    ['as late as pictures are on the page', { pictures: { transit: 0, lag: 0.2 } }, 999.8],
    ['so at another speed', { speed: 2, pictures: { transit: 0, lag: 0.2 } }, 999.6],
  ])('%s', (_, times, due) => {
    expect(dueAt1000(times)).toBeCloseTo(due, 9)
  })
})

test('the middle one of the last pictures tells how late they are, whatever one stalled for', () => {
  const lag = new PictureLag()
  for (const late of [0.1, 0.1, 0.9, 0.1, 30, 0.2])
    lag.note({ topic: TOPIC, time: 99, recordedAt: 100 }, { time: 100 + late, speed: 1 })
  expect(lag.seconds).toBeCloseTo(0.1)
  expect(lag.transitOf(TOPIC)).toBe(1)
  expect(lag.transitOf('video/other')).toBeUndefined()
})
