import TransportStream from 'winston-transport'
import type { RotatingFile } from './rotating-file.ts'

// The property in which winston's formats leave the finished line.
const MESSAGE = Symbol.for('message')

/**
 * A winston transport that has written the line by the time it returns, unlike winston's own. Accepts only formatted
 * events.
 */
export class RotatingFileTransport extends TransportStream {
  readonly #file: RotatingFile

  constructor(file: RotatingFile) {
    super()
    this.#file = file
  }

  /** Called by winston for each event that passes its level; never fails. */
  override log(event: Record<symbol, unknown>, done: () => void): void {
    this.#file.append(String(event[MESSAGE]))
    done()
  }
}
