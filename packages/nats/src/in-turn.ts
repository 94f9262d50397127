import { setImmediate } from 'node:timers/promises'

let turn: Promise<unknown> = Promise.resolve()

/**
 * Begins a connection when no other is being begun. The library has one dialer in a process, and whoever began to connect
 * last has set it; it takes it before it first waits for anything, if there is no name to look up.
 *
 * @returns What was begun, which may take its time: the next one begins meanwhile.
 */
export function inTurn<T>(begin: () => Promise<T>): Promise<T> {
  const begun = turn.then(() => ({ ended: begin() }))
  turn = Promise.allSettled([begun]).then(() => setImmediate())
  return begun.then(({ ended }) => ended)
}
