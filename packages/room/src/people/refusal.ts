/** Why something that a guest asked for is not done; told to that guest alone. */
export class Refusal extends Error {
  readonly code: string

  /**
   * @param code - Stable, such as `ERR_NOT_HOST`.
   * @param reason - One sentence: what happened, to what, what to do.
   */
  constructor(code: string, reason: string) {
    super(reason)
    this.name = 'Refusal'
    this.code = code
  }
}
