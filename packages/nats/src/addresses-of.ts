import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { pause } from '@zcast/shared/internal'

/** A name server that does not answer is not waited for: the next server may have an address. */
const TIMEOUT_MS = 1500

/**
 * Looks up a host.
 *
 * @param look - In place of the system's.
 * @throws Error of the system; with `EAI_AGAIN` when nothing has answered in time, or the signal is given.
 */
export async function addressesOf(
  host: string,
  signal: AbortSignal,
  look: (host: string, options: { all: true }) => Promise<{ address: string }[]> = lookup,
): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host]
  const done = new AbortController()
  const late = pause(TIMEOUT_MS, AbortSignal.any([signal, done.signal])).then((): never => {
    throw Object.assign(new Error(`no answer to where ${host} is`), { code: 'EAI_AGAIN' })
  })
  try {
    const found = await Promise.race([look(host, { all: true }), late])
    return found.map(({ address }) => address)
  } finally {
    done.abort()
  }
}
