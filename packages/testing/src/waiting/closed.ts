import type { EventEmitter } from 'node:events'

/** Resolves when a connection has closed, even when the other end has reset it: `once` would fail with that error. */
export function closed(connection: EventEmitter): Promise<void> {
  return new Promise((resolve) => connection.once('close', () => resolve()))
}
