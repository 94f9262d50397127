/** Why something that a guest asked for is not done; told to that guest alone. */
export class Refusal extends Error {
  readonly code: string
  /** After so many seconds it would be done. */
  readonly waitSeconds: number | undefined

  /**
   * @param code - Stable, such as `ERR_NOT_HOST`.
   * @param reason - One sentence: what happened, to what, what to do.
   * @param waitSeconds - After so many seconds it would be done. Default: it would not.
   */
  constructor(code: string, reason: string, waitSeconds?: number) {
    super(reason)
    this.name = 'Refusal'
    this.code = code
    this.waitSeconds = waitSeconds
  }
}
