/**
 * Finds the endpoint of a socket that an event belongs to: ZeroMQ names connections by the address they go to, and may
 * write an IPv6 address differently from how it was given.
 */
export class EndpointNames {
  readonly #known = new Map<string, string>()

  /** Records the address at which an endpoint is reached. */
  add(address: string, endpoint: string): void {
    this.#known.set(canonical(address), endpoint)
  }

  /** The endpoint as it was given; the address itself when none is known, as for endpoints that are listened on. */
  find(address: string): string {
    return this.#known.get(canonical(address)) ?? address
  }
}

function canonical(address: string): string {
  return address.replace(
    /\[([\dA-Fa-f:.]+)(%[^\]]*)?\]/,
    (_, host: string) => new URL(`tcp://[${host}]`).hostname,
  )
}
