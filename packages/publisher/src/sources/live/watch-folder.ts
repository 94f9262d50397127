import { watch } from 'node:fs'
import { join } from 'node:path'
import type { PictureFiles } from './picture-files.ts'

// A file that was not written to for so long is taken for whole.
const SETTLE_MS = 100
const MOST_WAITING = 1000

/**
 * The paths of pictures that come into a folder, or change, in the order they do so. A file is told of once it has
 * settled.
 *
 * @throws what the system says when the folder cannot be watched.
 */
export async function* watchFolder(
  { folder, matches }: PictureFiles,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const settling = new Map<string, NodeJS.Timeout>()
  const settled = new Set<string>()
  const state: { failure?: unknown; wake: () => void } = { wake: () => {} }
  const onAbort = (): void => state.wake()
  if (signal.aborted) return
  const watcher = watch(folder, (_, name) => {
    if (name === null || !matches(name)) return
    const timer = settling.get(name)
    if (timer) timer.refresh()
    else if (settling.size < MOST_WAITING) settling.set(name, setTimeout(settle, SETTLE_MS, name))
  })
  const settle = (name: string): void => {
    settling.delete(name)
    if (settled.size < MOST_WAITING) settled.add(name)
    state.wake()
  }
  watcher.on('error', (error) => {
    state.failure = error
    state.wake()
  })
  signal.addEventListener('abort', onAbort)
  try {
    while (!signal.aborted) {
      const [name] = settled
      if (name !== undefined) {
        settled.delete(name)
        yield join(folder, name)
      } else if (state.failure) throw state.failure
      else await new Promise<void>((resolve) => (state.wake = resolve))
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    for (const timer of settling.values()) clearTimeout(timer)
    watcher.close()
  }
}
