import { expect, test } from '@jest/globals'
import { Listeners } from '../../../src/lifecycle/listeners.ts'

interface Events {
  readonly tick: number
}

test('tells every listener, each as often as it was added, until it is stopped', () => {
  const listeners = new Listeners<Events>(['tick'])
  const told: number[] = []
  const listen = (tick: number): void => void told.push(tick)
  const stop = listeners.on('tick', listen)
  listeners.on('tick', listen)
  expect(listeners.has('tick')).toBe(true)
  listeners.tell('tick', 1)
  stop()
  listeners.tell('tick', 2)
  expect(told).toEqual([1, 1, 2])
})

test.each<[string, unknown, unknown]>([
  ['an event that does not exist', 'tock', () => undefined],
  ['a listener that is no function', 'tick', undefined],
])('refuses %s', (_, event, listener) => {
  const listeners = new Listeners<Events>(['tick'])
  const listen = (): unknown => listeners.on(event as 'tick', listener as () => void)
  expect(listen).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
  expect(listeners.has('tick')).toBe(false)
})
