import { fstatSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Writable } from 'node:stream'

/**
 * Standard output that never blocks the process.
 *
 * Node writes to pipes synchronously: a reader that stops reading (a pager) would stop this process as a whole,
 * signals included. As a socket the pipe has backpressure instead. Files and terminals stay as they are.
 *
 * @param onClosed - Called when nobody reads any more, as after `| head -1`.
 */
export function openStandardOutput(onClosed: () => void): Writable {
  const output = isPipe() ? new Socket({ fd: 1, readable: false, writable: true }) : process.stdout
  // Without a listener the error of a closed pipe would end the process.
  output.on('error', onClosed)
  return output
}

function isPipe(): boolean {
  const status = fstatSync(1)
  return process.platform !== 'win32' && (status.isFIFO() || status.isSocket())
}
