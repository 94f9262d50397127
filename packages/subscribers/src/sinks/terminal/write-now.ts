import { writeSync } from 'node:fs'
import { systemErrorCode } from '@zcast/shared/internal'
import type { TerminalOutput } from './terminal-streams.ts'

const RETRY_MS = 5
const MAX_RETRIES = 50

/**
 * Writes before it returns, for the last moment of a process. A terminal that reads nothing for a quarter of a second,
 * or is gone, is given up.
 */
export function writeNow(output: TerminalOutput, text: string): void {
  if (output.fd === undefined) {
    output.write(text)
    return
  }
  let rest: Uint8Array = Buffer.from(text, 'utf8')
  for (let retries = 0; rest.length > 0 && retries < MAX_RETRIES;) {
    try {
      rest = rest.subarray(writeSync(output.fd, rest))
    } catch (error) {
      if (systemErrorCode(error) !== 'EAGAIN') return
      retries += 1
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS)
    }
  }
}
