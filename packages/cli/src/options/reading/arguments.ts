import { OptionError } from '@zcast/shared'
import { parseByteSize, parseDuration } from '@zcast/shared/internal'
import type { Settings } from './settings.ts'

/** Limits of a number. */
export interface Range {
  readonly least: number
  readonly most: number
}

/** Limits of a size or a duration, as a person writes them: `1K`, `10m`. */
export interface WrittenRange {
  readonly least: string
  /** Default: none. */
  readonly most?: string
}

type ReadUnit = (text: string, name: string) => number

const PORTS: Range = { least: 0, most: 65_535 }

/**
 * The options and positional arguments of a command, read and checked one by one. Each reader returns `undefined` for a
 * value that was not given, and throws {@link OptionError} for an invalid one.
 */
export class Arguments {
  readonly #values: Settings

  constructor(values: Settings) {
    this.#values = values
  }

  /** A text. An empty one, and one given twice, is refused. */
  text(name: string): string | undefined {
    const value = this.#values[name]
    if (value === undefined) return undefined
    // yargs returns numbers for numeric positional arguments, and a list for repeated options.
    const text = typeof value === 'number' ? String(value) : value
    if (typeof text !== 'string') throw new OptionError(`${name} was given more than once`)
    if (text === '') throw new OptionError(`${name} must not be empty`)
    return text
  }

  /** A list of texts; empty when none was given. */
  list(name: string): readonly string[] {
    const value = this.#values[name]
    return Array.isArray(value) ? value.map(String) : []
  }

  /** A switch; `undefined` when it was neither set nor negated. */
  flag(name: string): boolean | undefined {
    const value = this.#values[name]
    return value === undefined ? undefined : Boolean(Array.isArray(value) ? value.at(-1) : value)
  }

  /** Any finite number. */
  number(name: string): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const value = text.trim() === '' ? Number.NaN : Number(text)
    if (Number.isFinite(value)) return value
    throw new OptionError(`${name} must be a number, got "${text}"`)
  }

  /** A number within a range, bounds included. */
  numberIn(name: string, { least, most }: Range): number | undefined {
    const value = this.number(name)
    if (value === undefined || (value >= least && value <= most)) return value
    throw new OptionError(`${name} must be ${least} to ${most}, got ${value}`)
  }

  /** A whole number within a range, bounds included. */
  integer(name: string, { least, most }: Range): number | undefined {
    const value = this.number(name)
    if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return value
    throw new OptionError(`${name} must be a whole number from ${least} to ${most}, got ${value}`)
  }

  /** The port of a server; 0 is any free one. */
  port(name: string): number | undefined {
    return this.integer(name, PORTS)
  }

  /** A duration such as `250ms`, in milliseconds. */
  duration(name: string, range?: WrittenRange): number | undefined {
    return this.#withUnit(name, parseDuration, range)
  }

  /** A size such as `500M`, in bytes. */
  byteSize(name: string, range?: WrittenRange): number | undefined {
    return this.#withUnit(name, parseByteSize, range)
  }

  #withUnit(name: string, read: ReadUnit, range?: WrittenRange): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const value = read(text, name)
    if (!range) return value
    const { least, most } = range
    if (value >= read(least, name) && (most === undefined || value <= read(most, name))) return value
    throw new OptionError(
      `${name} must be ${least} ${most === undefined ? 'or more' : `to ${most}`}, got "${text}"`,
    )
  }
}
