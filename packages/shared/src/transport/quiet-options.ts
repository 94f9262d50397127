/**
 * Sets an option of a socket that is in use. zeromq.js warns each time that this waits for the next bind or connect, which
 * is either what is wanted, or not so: libzmq reads `noDrop` with every send (measured).
 */
export function setQuietly<T extends object, K extends keyof T>(socket: T, option: K, value: T[K]): void {
  const emitWarning = Reflect.get(process, 'emitWarning')
  process.emitWarning = () => undefined
  try {
    socket[option] = value
  } finally {
    process.emitWarning = emitWarning
  }
}
