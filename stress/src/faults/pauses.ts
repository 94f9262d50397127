import { setTimeout as delay } from 'node:timers/promises'
import type { FaultProxy } from '../support/fault-proxy.ts'

/** Stops a process for so long. */
export async function standStill(pid: number, forMs: number): Promise<void> {
  process.kill(pid, 'SIGSTOP')
  await delay(forMs)
  process.kill(pid, 'SIGCONT')
}

/** Lets nothing through for so long. */
export async function silence(proxy: FaultProxy, forMs: number): Promise<void> {
  proxy.fault = 'silence'
  await delay(forMs)
  proxy.fault = 'none'
}
