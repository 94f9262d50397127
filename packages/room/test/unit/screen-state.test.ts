import { afterEach, describe, expect, jest, test } from '@jest/globals'
import type { FilmReel } from '../../src/screen/reel.ts'
import { ScreenClock } from '../../src/screen/screen-clock.ts'
import { ScreenState, type Showing } from '../../src/screen/screen-state.ts'

const never = (): Promise<never> => Promise.reject(new Error('nothing is opened here'))

function film(id: string, more: Partial<FilmReel> = {}): FilmReel {
  const open = { openPictures: never, openSound: never, fail: ({ message }: Error) => message }
  return { kind: 'film', id, name: id, seconds: 60, hasSound: true, isKept: false, ...open, ...more }
}

function shown(state: ScreenState): Showing {
  if (!state.showing) throw new Error('nothing is shown')
  return state.showing
}

let time = 0
const states: ScreenState[] = []

function makeState(): ScreenState {
  time = 0
  const state = new ScreenState(
    new ScreenClock(
      () => time,
      () => time,
    ),
  )
  states.push(state)
  return state
}

afterEach(() => {
  for (const state of states.splice(0)) state.close()
  jest.useRealTimers()
})

describe('the state of the screen', () => {
  test('moves at once while nobody watches, and is the same for whoever asks', () => {
    const state = makeState()
    state.air(film('a'), 'ann')
    time = 7
    expect(state.view).toMatchObject({
      film: 'a',
      name: 'a',
      by: 'ann',
      seconds: 60,
      isLive: false,
      isPlaying: true,
      isWaiting: false,
      position: 7,
    })
  })

  test('waits for the pictures and the sound that somebody wants, and for no others', () => {
    const state = makeState()
    state.setWanted('pictures', true)
    state.setWanted('sound', true)
    state.air(film('a'), 'ann')
    time = 1
    expect(state.view).toMatchObject({ isPlaying: true, isWaiting: true, position: 0 })
    state.arrived('pictures', shown(state))
    expect(state.view.isWaiting).toBe(true)
    state.arrived('sound', shown(state))
    time = 3
    expect(state.view).toMatchObject({ isWaiting: false, position: 2 })
    state.air(film('silent', { hasSound: false }), 'ann')
    state.arrived('pictures', shown(state))
    expect(state.view.isWaiting).toBe(false)
    state.seek(30, 'ben')
    expect(state.view).toMatchObject({ isWaiting: true, by: 'ben' })
    state.setWanted('pictures', false)
    expect(state.view.isWaiting).toBe(false)
  })

  test('does not take the pictures of an earlier place for those of the present one', () => {
    const state = makeState()
    state.setWanted('pictures', true)
    state.air(film('a', { hasSound: false }), 'ann')
    const before = shown(state)
    state.seek(20, 'ann')
    expect(before.signal.aborted).toBe(true)
    state.arrived('pictures', before)
    expect(state.view.isWaiting).toBe(true)
    state.arrived('pictures', shown(state))
    expect(state.view).toMatchObject({ isWaiting: false, position: 20 })
  })

  test('keeps a place within the film, and stands still there while it is paused', () => {
    const state = makeState()
    state.air(film('a'), 'ann')
    state.pause('ben')
    for (const [to, position] of [
      [-5, 0],
      [25.5, 25.5],
      [1e9, 60],
    ] as const) {
      state.seek(to, 'ann')
      time += 10
      expect(state.view).toMatchObject({ isPlaying: false, isWaiting: false, position })
    }
  })

  test('ends with the film, once, and begins again when it is played then', () => {
    jest.useFakeTimers()
    const state = makeState()
    let ends = 0
    state.onEnd = () => ends++
    state.air(film('a'), 'ann')
    state.seek(58, 'ann')
    time = 2
    jest.advanceTimersByTime(1999)
    expect(ends).toBe(0)
    jest.advanceTimersByTime(1)
    state.ended(shown(state))
    expect(ends).toBe(1)
    expect(state.view).toMatchObject({ isPlaying: false, position: 60 })
    state.play('ben')
    expect(state.view).toMatchObject({ isPlaying: true, position: 0 })
  })

  test('tries again what fails, and gives it up when that does not help; play tries once more', () => {
    const state = makeState()
    state.air(film('a'), 'ann')
    time = 4
    expect(state.failed(shown(state), 'it broke')).toBe(false)
    expect(state.failed(shown(state), 'it broke')).toBe(false)
    const showing = shown(state)
    expect(state.failed(showing, 'it broke')).toBe(true)
    time = 9
    expect(state.view).toMatchObject({ isPlaying: true, isWaiting: false, problem: 'it broke', position: 4 })
    expect({ showing: state.showing, wasAborted: showing.signal.aborted }).toEqual({
      showing: undefined,
      wasAborted: true,
    })
    state.play('ann')
    expect(state.view).toMatchObject({ problem: undefined, position: 4 })
    expect(state.failed(shown(state), 'it broke')).toBe(false)
  })

  test('stands still while nobody is there, and goes on with the first who comes', () => {
    const state = makeState()
    state.air(film('a'), 'ann')
    time = 10
    state.setEmpty(true)
    time = 500
    expect(state.view.position).toBe(10)
    state.setEmpty(false)
    time = 501
    expect(state.view).toMatchObject({ isPlaying: true, position: 11 })
  })
})
