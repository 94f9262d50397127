import { OptionError } from '@zcast/shared'

/** The topics being sent, each by one source or handle. */
export class TopicClaims {
  readonly #taken = new Set<string>()

  /** The topics that are claimed now. */
  get topics(): readonly string[] {
    return [...this.#taken]
  }

  /**
   * Reserves these topics until the returned function is called.
   *
   * @throws {@link OptionError} `ERR_TOPIC` when one of them is already being sent.
   */
  claim(topics: readonly string[]): () => void {
    const taken = topics.find((topic) => this.#taken.has(topic))
    if (taken !== undefined) {
      throw new OptionError(
        `${taken} is already being sent by this publisher: end that first, or choose another name`,
        { code: 'ERR_TOPIC' },
      )
    }
    for (const topic of topics) this.#taken.add(topic)
    return () => {
      for (const topic of topics) this.#taken.delete(topic)
    }
  }
}
