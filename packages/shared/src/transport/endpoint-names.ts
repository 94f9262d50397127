import { isIPv4 } from 'node:net'

/**
 * Tells which endpoint of a socket an event is about. ZeroMQ reports a connection by the name that was given
 * (`tcp://localhost:5556`) until it ends for the first time, and by the address looked up from then on
 * (`tcp://127.0.0.1:5556`, measured).
 */
export class EndpointNames {
  readonly #connects: readonly string[]
  readonly #known = new Map<string, string>()

  /** @param connects - The endpoints that the socket connects to, as they were given. */
  constructor(connects: readonly string[]) {
    this.#connects = connects
    for (const endpoint of connects) this.#known.set(endpoint, endpoint)
  }

  /** Takes note of an endpoint that the socket listens on: its events are never about a connection of its own. */
  addBound(address: string): void {
    this.#known.set(address, address)
  }

  /**
   * The endpoint as it was given.
   *
   * @param isExpected - Whether something is to be heard of an endpoint; decides where several hosts share a port.
   */
  find(address: string, isExpected: (endpoint: string) => boolean): string {
    const known = this.#known.get(address)
    if (known !== undefined) return known
    const taken = new Set([...this.#known].filter(([from, to]) => from !== to).map(([, to]) => to))
    const candidates = this.#connects.filter((endpoint) => mayBe(endpoint, address))
    const free = candidates.filter((endpoint) => !taken.has(endpoint))
    const found = free.find(isExpected) ?? free[0] ?? candidates.find(isExpected) ?? candidates[0]
    if (found === undefined) return address
    this.#known.set(address, found)
    return found
  }
}

/** Whether an endpoint may have been looked up as the address: the port is the same, and the host is not one already. */
function mayBe(endpoint: string, address: string): boolean {
  const [host, port] = split(endpoint)
  return endpoint.startsWith('tcp://') && !isIPv4(host) && port === split(address)[1]
}

function split(endpoint: string): [host: string, port: string] {
  const colon = endpoint.lastIndexOf(':')
  return [endpoint.slice('tcp://'.length, colon), endpoint.slice(colon + 1)]
}
