import { describe, expect, test } from '@jest/globals'
import { TimeView } from '../../../assets/chart/time-view.js'
import { windowAround } from '../../../assets/history/moment-window.js'
import { PlayClock } from '../../../assets/history/play-clock.js'

const recording = { from: 1000, to: 2000, isGrowing: false }

describe('what charts show around a moment', () => {
  test('has the moment in the middle, and nothing beyond what is kept', () => {
    expect(windowAround(1500, 60, recording)).toEqual({ start: 1470, end: 1530 })
    expect(windowAround(1001, 60, recording)).toEqual({ start: 1000, end: 1060 })
    expect(windowAround(2000, 60, recording)).toEqual({ start: 1940, end: 2000 })
  })

  test('stays where it is while the moment is inside, and moves no further than it has to', () => {
    const before = { start: 1470, end: 1530 }
    expect(windowAround(1480, 60, recording, before)).toBe(before)
    expect(windowAround(1530, 60, recording, before)).toEqual({ start: 1476, end: 1536 })
    expect(windowAround(1460, 60, recording, before)).toEqual({ start: 1454, end: 1514 })
  })

  test('keeps the moment at its place where more or less is to be seen', () => {
    expect(windowAround(1485, 120, recording, { start: 1470, end: 1530 })).toEqual({ start: 1455, end: 1575 })
  })

  test('is the whole of a short recording', () => {
    const short = { from: 1000, to: 1020, isGrowing: false }
    expect(windowAround(1003, 60, short)).toEqual({ start: 1000, end: 1020 })
  })

  test('does not move when the page goes from the present into the past, while more comes', () => {
    const view = new TimeView()
    const live = view.look({}, 1500)
    view.moment = { time: 1500, kept: { from: 1400, to: 1500, isGrowing: true } }
    expect(view.look({}, Number.NaN)).toEqual(live)
    view.moment = { time: 1450, kept: { from: 1400, to: 1510, isGrowing: true } }
    expect(view.look({}, Number.NaN)).toEqual(live)
    expect([view.held, view.cursor]).toEqual([true, 1450])
    view.moment = undefined
    expect([view.held, view.cursor]).toEqual([false, undefined])
  })

  test('is what a person zooms in on, which then goes along', () => {
    const view = new TimeView()
    view.moment = { time: 1500, kept: recording }
    view.zoom(1495, 1505)
    expect(view.look({}, Number.NaN)).toEqual({ start: 1495, end: 1505 })
    view.moment = { time: 1600, kept: recording }
    expect(view.look({}, Number.NaN)).toEqual({ start: 1591, end: 1601 })
    view.reset()
    const { start, end } = view.look({}, Number.NaN)
    expect([end - start, start < 1600, end > 1600]).toEqual([60, true, true])
  })
})

describe('the moment', () => {
  test('goes on at its speed while it is played, from where it was', () => {
    const clock = new PlayClock()
    clock.seek(100, 0)
    expect(clock.timeAt(5000)).toBe(100)
    clock.start(5000)
    clock.setSpeed(4, 6000)
    expect(clock.timeAt(7000)).toBe(105)
    clock.seek(200, 7000)
    expect([clock.isRunning, clock.timeAt(7500)]).toEqual([true, 202])
    clock.stop(8000)
    expect(clock.timeAt(9000)).toBe(204)
  })
})
