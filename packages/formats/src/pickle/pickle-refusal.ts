/** Why a pickle is refused, in one clause. */
export class PickleRefusal {
  readonly reason: string

  constructor(reason: string) {
    this.reason = reason
  }
}
