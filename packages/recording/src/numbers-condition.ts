import { type Envelope, type NumbersBlock, OptionError } from '@zcast/shared'

const COMPARISONS: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  '>': (value, limit) => value > limit,
  '<': (value, limit) => value < limit,
  '>=': (value, limit) => value >= limit,
  '<=': (value, limit) => value <= limit,
  '==': (value, limit) => value === limit,
  '!=': (value, limit) => value !== limit,
}

const EXAMPLE = 'write it like numbers/imu.az > 20 or numbers/imu[2] <= -1.5'

/** A condition on a column of a topic of numbers: `numbers/imu.az > 20`. */
export class NumbersCondition {
  /** As it was written. */
  readonly text: string
  readonly #column: string
  readonly #isMet: (value: number) => boolean
  #state = false

  private constructor(text: string, column: string, isMet: (value: number) => boolean) {
    this.text = text
    this.#column = column
    this.#isMet = isMet
  }

  /**
   * Reads a condition: `TOPIC.COLUMN` or `TOPIC[INDEX]`, counted from 0, then one of `> < >= <= == !=`, then a number.
   *
   * @throws {@link OptionError} `ERR_OPTION` when it is none; the sentence names the place.
   */
  static parse(text: string): NumbersCondition {
    const at = text.search(/[<>=!]/)
    if (at < 0) throw refuse(text, text.trimEnd().length, 'a comparison is missing')
    const column = text.slice(0, at).trim()
    const sign = /^[<>=!]=?/.exec(text.slice(at))?.[0] ?? ''
    const compare = COMPARISONS[sign]
    if (!compare) throw refuse(text, at, `"${sign}" is none of > < >= <= == !=`)
    const rest = text.slice(at + sign.length)
    const limit = Number(rest)
    if (rest.trim() === '' || Number.isNaN(limit))
      throw refuse(text, at + sign.length + rest.search(/\S|$/), 'a number is missing')
    const start = text.search(/\S/)
    if (!column.startsWith('numbers/')) throw refuse(text, start, 'a topic such as numbers/imu is missing')
    if (!/^numbers\/[\w.-]+(?:\[\d+\]|\.[^[\]]+)$/.test(column))
      throw refuse(text, start + column.length, 'a column such as .az or [2] is missing')
    return new NumbersCondition(text.trim(), column, (value) => compare(value, limit))
  }

  /** Looks at what came. @returns True when it has just become true: it was not before. */
  hasBegun(envelope: Envelope): boolean {
    const { topic, block } = envelope
    if (block.kind !== 'numbers' || !this.#column.startsWith(topic)) return false
    const index = findColumn(this.#column.slice(topic.length), block)
    if (index === undefined) return false
    let hasBegun = false
    for (let at = index; at < block.data.length; at += block.columns) {
      const isMet = this.#isMet(block.data[at] as number)
      hasBegun ||= isMet && !this.#state
      this.#state = isMet
    }
    return hasBegun
  }

  /** True when the newest value meets it. */
  get isMet(): boolean {
    return this.#state
  }
}

/** The index that `.az` or `[2]` names; `undefined` when the block has no such column. */
function findColumn(name: string, { names = [], columns }: NumbersBlock): number | undefined {
  const position = /^\[(\d+)\]$/.exec(name)?.[1]
  const index =
    position !== undefined ? Number(position) : name.startsWith('.') ? names.indexOf(name.slice(1)) : -1
  return index >= 0 && index < columns ? index : undefined
}

function refuse(text: string, at: number, what: string): OptionError {
  return new OptionError(`when: ${what} at character ${at + 1} of "${text}": ${EXAMPLE}`)
}
