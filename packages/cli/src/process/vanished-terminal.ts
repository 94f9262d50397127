import { closeSync } from 'node:fs'
import { isatty } from 'node:tty'

/**
 * Keeps the end of the process in order when its terminal has gone meanwhile (its window was closed). At its end Node
 * puts every terminal it was started with back as it was, and aborts where that fails (seen with Node 20: SIGABRT and
 * a core dump, each time); it passes over what is closed.
 */
export function outliveTerminal(): void {
  const terminals = [0, 1, 2].filter((fd) => isatty(fd))
  process.on('exit', () => {
    for (const fd of terminals) if (!isatty(fd)) closeSync(fd)
  })
}
