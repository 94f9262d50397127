import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

/**
 * The pids of the processes whose command line contains an argument, where the system tells (Linux).
 *
 * @returns `undefined` elsewhere.
 */
export async function processesNaming(argument: string): Promise<number[] | undefined> {
  const entries = await readdir('/proc').catch(() => undefined)
  if (!entries) return undefined
  const numbers = entries.filter((entry) => /^\d+$/.test(entry)).map(Number)
  const named = await Promise.all(
    numbers.map(async (pid) => {
      const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
      return pid !== process.pid && commandLine.split('\0').includes(argument) ? [pid] : []
    }),
  )
  return named.flat()
}

/** Resolves when a process that is not a child of this one has exited. There is no event for this, so it polls. */
export async function processIsGone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0)
    } catch {
      return
    }
    // A process that has exited but whose new parent has not waited for it yet counts as gone.
    const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
    if (/\) Z /.test(status)) return
    await delay(10)
  }
}
