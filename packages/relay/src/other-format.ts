import { type BlockKind, type Log, parseTopic } from '@zcast/shared'

/** What the format of another program can carry. */
export interface OtherFormatOptions {
  /** The kinds of streams. Default: numbers and video. */
  readonly kinds?: readonly BlockKind[] | undefined
  /** True when its messages do not name their stream, so that they can be of one only. Default false. */
  readonly isNameless?: boolean | undefined
  readonly log?: Log | undefined
}

/** What a relay hands on where those below read the format of another program: nothing is asked for that it cannot say. */
export class OtherFormat {
  readonly #kinds: readonly string[]
  /** True when its messages do not name their stream. */
  readonly isNameless: boolean
  readonly #log: Log | undefined
  /** The one stream of a format without names. */
  #only: string | undefined

  constructor({ kinds = ['numbers', 'video'], isNameless = false, log }: OtherFormatOptions) {
    this.#kinds = kinds
    this.isNameless = isNameless
    this.#log = log
  }

  /** What to ask for above when anything is asked for below: other programs name topics as they like. */
  get prefixes(): readonly string[] {
    return this.#only === undefined ? this.#kinds.map((kind) => `${kind}/`) : [this.#only]
  }

  /** True for a topic that is handed on. A receiver would get every rendition, so none is. */
  takes(topic: string): boolean {
    if (topic === this.#only) return true
    const { kind, rendition } = parseTopic(topic) ?? {}
    if (kind === undefined || !this.#kinds.includes(kind) || rendition !== undefined) return false
    if (!this.isNameless) return true
    if (this.#only === undefined) {
      this.#only = topic
      return true
    }
    this.#log?.warning(
      `the format below does not name its streams, so ${topic} is not handed on beside ${this.#only}: start a relay for each publisher`,
      undefined,
      `relay nameless ${topic}`,
    )
    return false
  }

  /** Lets another stream take the place of one that has ended. */
  ended(topic: string): void {
    if (this.#only === topic) this.#only = undefined
  }
}
