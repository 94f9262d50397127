import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

/** A running Xvfb. */
export interface Xvfb {
  /** Such as `:7`. */
  readonly display: string
  readonly close: () => Promise<void>
}

/** Starts Xvfb on a display that is free. */
export async function startXvfb(width: number, height: number): Promise<Xvfb> {
  // Without -noreset it restarts when its last program ends, and refuses one that connects just then.
  const args = ['-displayfd', '3', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp', '-noreset']
  const server = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  const exited = once(server, 'exit')
  const [number] = (await once(createInterface({ input: server.stdio[3] as Readable }), 'line')) as [string]
  return {
    display: `:${number}`,
    close: async () => {
      server.kill()
      await exited
    },
  }
}
