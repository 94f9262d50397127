/**
 * Sets an option of a socket that is in use. zeromq.js warns each time that the option takes effect only at the next
 * bind or connect; this is either intended or wrong: libzmq reads `noDrop` on every send (measured).
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
