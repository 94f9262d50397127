/**
 * Tells which endpoint of a socket an event is about: ZeroMQ names connections by the address that they go to, and may
 * write an IPv6 address in another way than it was given.
 */
export class EndpointNames {
  readonly #known = new Map<string, string>()

  /** Takes note of the address at which an endpoint is reached. */
  add(address: string, endpoint: string): void {
    this.#known.set(canonical(address), endpoint)
  }

  /** The endpoint as it was given; the address itself where none is known, as for those that are listened on. */
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
