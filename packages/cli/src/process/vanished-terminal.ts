import { closeSync } from 'node:fs'
import { isatty } from 'node:tty'

/**
 * Keeps the end of the process clean when its terminal has disappeared (its window was closed). At exit Node restores
 * every terminal it was started with, and aborts when that fails (seen with Node 20: SIGABRT and a core dump, each
 * time); it skips those that are closed.
 */
export function outliveTerminal(): void {
  const terminals = [0, 1, 2].filter((fd) => isatty(fd))
  process.on('exit', () => {
    for (const fd of terminals) if (!isatty(fd)) closeSync(fd)
  })
}
