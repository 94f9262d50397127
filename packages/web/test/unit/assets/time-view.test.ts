import { beforeEach, describe, expect, test } from '@jest/globals'
import { TimeView } from '../../../assets/chart/time-view.js'

let view: TimeView
beforeEach(() => {
  view = new TimeView()
})

const [one, other, far] = [{}, {}, {}]

describe('the time that all charts of a page show', () => {
  test('ends where the newest of them has come, but for those with other clocks', () => {
    view.look(one, 1000)
    view.look(far, 5000)
    expect(view.look(other, 1001)).toEqual({ start: 941, end: 1001 })
    expect(view.look(one, 1000.2)).toEqual({ start: 941, end: 1001 })
    expect(view.look(far, 5000)).toEqual({ start: 4940, end: 5000 })
    // What comes some seconds later than the others is beside them, where it belongs.
    expect(view.look(one, 995)).toEqual({ start: 941, end: 1001 })
  })

  test('stays where it was while it is paused, whatever comes', () => {
    view.look(one, 1000)
    view.paused = true
    expect(view.look(one, 1050).end).toBe(1000)
    view.paused = false
    expect(view.look(one, 1050).end).toBe(1050)
  })

  test('holds still for all of them where a part is looked at, until it is left', () => {
    let changes = 0
    view.onChange(() => (changes += 1))
    view.zoom(100, 110)
    expect([view.held, view.look(one, 1000), view.look(far, 5000)]).toEqual([
      true,
      { start: 100, end: 110 },
      { start: 100, end: 110 },
    ])
    view.reset()
    expect([view.held, view.look(one, 1000).end, changes]).toEqual([false, 1000, 2])
  })

  test('shows at least a second, and at most ten minutes', () => {
    view.zoom(100, 100.01)
    expect(view.range).toEqual({ start: 99.505, end: 100.505 })
    view.seconds = 1e9
    expect(view.seconds).toBe(600)
    view.seconds = 0
    expect(view.seconds).toBe(1)
  })

  test('comes nearer around the time under the cursor, and goes on when it is as far away as before', () => {
    const shown = view.look(one, 1000)
    view.zoomAround(990, 0.5, shown)
    expect(view.range).toEqual({ start: 965, end: 995 })
    view.zoomAround(990, 2, view.range ?? shown)
    expect(view.range).toBeUndefined()
    view.zoomAround(990, 2, shown)
    expect([view.seconds, view.range]).toEqual([120, undefined])
  })

  test('moves to and fro, and goes on past the newest', () => {
    view.look(one, 1000)
    view.zoom(900, 910)
    view.move(-0.5, view.range ?? { start: 0, end: 0 })
    expect(view.range).toEqual({ start: 895, end: 905 })
    view.move(20, view.range ?? { start: 0, end: 0 })
    expect(view.range).toBeUndefined()
  })
})
