/** Counts the peers of a socket from its events. */
export class PeerCount {
  /** The number of connections, and how many of them have completed the handshake; by endpoint. */
  readonly #connections = new Map<string, { open: number; ready: number }>()

  /** The number of connected peers. */
  get ready(): number {
    let count = 0
    for (const { ready } of this.#connections.values()) count += ready
    return count
  }

  /** Notes that a peer was reached at an endpoint this socket connects to; there is at most one connection. */
  connect(endpoint: string): void {
    this.#connections.set(endpoint, { open: 1, ready: 0 })
  }

  /** Notes a new connection at an endpoint this socket listens on. */
  accept(endpoint: string): void {
    this.#at(endpoint).open += 1
  }

  /** Notes that a connection completed its handshake and so is a peer. */
  handshake(endpoint: string): void {
    const connections = this.#at(endpoint)
    connections.ready = Math.min(connections.ready + 1, Math.max(connections.open, 1))
  }

  /**
   * Notes that a connection ended. ZeroMQ reports the end of a peer and of anything else that had connected (a port
   * scan) alike, and never says which it was: as the latter do not stay, the connection is assumed to be one of them
   * while there are any. When it was a peer after all, the count is right again once they are gone, at the latest when
   * ZeroMQ gives up on their handshake.
   */
  disconnect(endpoint: string): void {
    const connections = this.#at(endpoint)
    connections.open -= 1
    connections.ready = Math.min(connections.ready, connections.open)
    if (connections.open <= 0) this.#connections.delete(endpoint)
  }

  /** Notes that an endpoint was removed, which ends its connection without an event. */
  remove(endpoint: string): void {
    this.#connections.delete(endpoint)
  }

  #at(endpoint: string): { open: number; ready: number } {
    let connections = this.#connections.get(endpoint)
    if (!connections) this.#connections.set(endpoint, (connections = { open: 0, ready: 0 }))
    return connections
  }
}
