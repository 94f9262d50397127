interface Described {
  /** Its effect, with unit, range and default, for help. */
  readonly describe: string
  /** One letter. */
  readonly alias?: string
}

/** An option that is set or not. */
export interface SwitchSpec extends Described {
  readonly type: 'boolean'
  readonly value?: undefined
  readonly choices?: undefined
}

/** An option that takes a value; a list may be repeated. */
export interface ValueSpec extends Described {
  readonly type: 'string' | 'list'
  /** The placeholder for the value in help: `N`, `TIME`. After `FILE`, `FOLDER` and `SOURCE` a shell completes file names. */
  readonly value: string
  /** The only values allowed. */
  readonly choices?: readonly string[]
}

/** An option as the command line, the configuration file and the environment know it. */
export type OptionSpec = SwitchSpec | ValueSpec

/** Options by name, in the order of help. */
export type OptionSpecs = Readonly<Record<string, OptionSpec>>

/** Options of one subject, under a heading of their own in help. */
export interface OptionGroup {
  readonly subject: string
  readonly options: OptionSpecs
}

/** A positional argument as help and completion know it; the command itself checks it. */
export interface PositionalSpec {
  readonly describe: string
  /** Words that a shell completes. */
  readonly words?: readonly string[]
  /** True when a shell completes file names. */
  readonly files?: boolean
}
