/** A request that is answered with an error status and one sentence. Thrown by a route's handler. */
export class HttpRefusal extends Error {
  /** The HTTP status, 400 to 599. */
  readonly status: number

  constructor(status: number, reason: string) {
    super(reason)
    this.name = 'HttpRefusal'
    this.status = status
  }
}
