/** Counts the peers of a socket from its events. */
export class PeerCount {
  /** Connections, and how many of them shook hands; by endpoint. */
  readonly #connections = new Map<string, { open: number; ready: number }>()

  /** How many peers are there. */
  get ready(): number {
    let count = 0
    for (const { ready } of this.#connections.values()) count += ready
    return count
  }

  /** A peer was reached at an endpoint this socket connects to; there is one connection at the most. */
  connect(endpoint: string): void {
    this.#connections.set(endpoint, { open: 1, ready: 0 })
  }

  /** Somebody connected to an endpoint this socket listens on. */
  accept(endpoint: string): void {
    this.#at(endpoint).open += 1
  }

  /** A connection turned out to be a peer. */
  handshake(endpoint: string): void {
    const connections = this.#at(endpoint)
    connections.ready = Math.min(connections.ready + 1, Math.max(connections.open, 1))
  }

  /**
   * A connection ended. ZeroMQ says the same for a peer and for anything else that had connected (a port scan), and
   * never which: as the latter do not stay, it is taken to be one of them while there are any. When it was a peer
   * after all, the count is right again once they are gone, at the latest when ZeroMQ gives up on their handshake.
   */
  disconnect(endpoint: string): void {
    const connections = this.#at(endpoint)
    connections.open -= 1
    connections.ready = Math.min(connections.ready, connections.open)
    if (connections.open <= 0) this.#connections.delete(endpoint)
  }

  /** An endpoint was taken away, which ends its connection without an event. */
  remove(endpoint: string): void {
    this.#connections.delete(endpoint)
  }

  #at(endpoint: string): { open: number; ready: number } {
    let connections = this.#connections.get(endpoint)
    if (!connections) this.#connections.set(endpoint, (connections = { open: 0, ready: 0 }))
    return connections
  }
}
