/**
 * Calls `onKey` with each key that is pressed, where standard input and the screen are a terminal, and `onQuit` for
 * Ctrl-C, which then comes as a key.
 *
 * @returns A function that gives the keyboard back; `undefined` where there is none.
 */
export function listenToKeys(onKey: (key: string) => void, onQuit: () => void): (() => void) | undefined {
  const { stdin, stderr } = process
  if (!stdin.isTTY || !stderr.isTTY) return undefined
  const wasRaw = stdin.isRaw
  const take = (bytes: Buffer): void => {
    for (const key of bytes.toString('latin1')) {
      if (key === '\u0003') onQuit()
      else onKey(key)
    }
  }
  const restore = (): void => {
    try {
      stdin.setRawMode(wasRaw)
    } catch {
      // The terminal is gone, and its modes with it.
    }
  }
  process.on('exit', restore)
  stdin.setRawMode(true)
  stdin.on('data', take)
  stdin.on('error', onQuit)
  stdin.resume()
  return () => {
    process.off('exit', restore)
    stdin.off('data', take)
    stdin.pause()
    restore()
  }
}
