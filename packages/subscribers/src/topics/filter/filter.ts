import { OptionError } from '@zcast/shared'
import { tokenize, type Comparison, type Token } from './tokens.ts'

/** Finds a field of a message. @returns `undefined` when it has none of that name. */
export type FieldOf = (name: string) => unknown

/** A condition on the fields of messages. */
export interface Filter {
  /** The names that it uses. */
  readonly names: readonly string[]
  /** True when a message meets it. A comparison with a field that is not there is false. */
  matches(fieldOf: FieldOf): boolean
}

type Test = (fieldOf: FieldOf) => boolean
type Operand = (fieldOf: FieldOf) => unknown

/** The deepest nesting of parentheses and "not". */
const MAX_DEPTH = 32

/**
 * Reads a filter, such as `temp > 30 and (value[2] <= 5 or state == 'on')`: comparisons of names, `value[i]`, numbers and
 * texts, with `and`, `or`, `not` and parentheses. A name with other characters is written in backquotes. Nothing in it is
 * run as a program.
 *
 * @throws {@link OptionError} `ERR_OPTION` when it cannot be read.
 */
export function parseFilter(text: string): Filter {
  const parser = new Parser(tokenize(text))
  return parser.parse()
}

class Parser {
  readonly #tokens: readonly Token[]
  readonly #names = new Set<string>()
  #at = 0
  #depth = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  parse(): Filter {
    const matches = this.#either()
    if (this.#token.type !== 'end') throw this.#unexpected()
    return { names: [...this.#names], matches }
  }

  get #token(): Token {
    return this.#tokens[this.#at] as Token
  }

  #either(): Test {
    let test = this.#both()
    while (this.#takes('or')) {
      const [left, right] = [test, this.#both()]
      test = (fieldOf) => left(fieldOf) || right(fieldOf)
    }
    return test
  }

  #both(): Test {
    let test = this.#single()
    while (this.#takes('and')) {
      const [left, right] = [test, this.#single()]
      test = (fieldOf) => left(fieldOf) && right(fieldOf)
    }
    return test
  }

  #single(): Test {
    if (this.#takes('not')) {
      const test = this.#deeper(() => this.#single())
      return (fieldOf) => !test(fieldOf)
    }
    if (!this.#takes('(')) return this.#comparison()
    const test = this.#deeper(() => this.#either())
    if (!this.#takes(')')) throw this.#unexpected()
    return test
  }

  #deeper(parse: () => Test): Test {
    this.#depth += 1
    if (this.#depth > MAX_DEPTH) throw new OptionError(`filter nests deeper than ${MAX_DEPTH}`)
    const test = parse()
    this.#depth -= 1
    return test
  }

  #comparison(): Test {
    const left = this.#operand()
    const token = this.#token
    if (token.type !== 'compare') throw this.#unexpected()
    this.#at += 1
    const right = this.#operand()
    return (fieldOf) => compare(left(fieldOf), token.value, right(fieldOf))
  }

  #operand(): Operand {
    const token = this.#token
    if (token.type === 'number' || token.type === 'text') {
      this.#at += 1
      return () => token.value
    }
    if (token.type !== 'name') throw this.#unexpected()
    this.#at += 1
    this.#names.add(token.value)
    return (fieldOf) => fieldOf(token.value)
  }

  #takes(type: Token['type']): boolean {
    if (this.#token.type !== type) return false
    this.#at += 1
    return true
  }

  #unexpected(): OptionError {
    const token = this.#token
    const got = token.type === 'end' ? 'it ends' : `there is "${'value' in token ? token.value : token.type}"`
    return new OptionError(`filter cannot be read: ${got} where a comparison such as temp > 30 goes on`)
  }
}

function compare(left: unknown, comparison: Comparison, right: unknown): boolean {
  if (left === undefined || right === undefined) return false
  const isNumeric = typeof left === 'number' && typeof right === 'number'
  const [a, b] = isNumeric ? [left, right] : [textOf(left), textOf(right)]
  if (comparison === '==') return a === b
  if (comparison === '!=') return a !== b
  // Order is for numbers only: "10" is before "9".
  if (!isNumeric) return false
  if (comparison === '<') return a < b
  if (comparison === '<=') return a <= b
  return comparison === '>' ? a > b : a >= b
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
