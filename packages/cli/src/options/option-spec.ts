/** An option as the command line, the configuration file and the environment know it. */
export interface OptionSpec {
  /** What it does, with unit, range and default, for `--help`. */
  readonly describe: string
  readonly type: 'string' | 'boolean' | 'list'
  /** One letter. */
  readonly alias?: string
  /** The only values allowed. */
  readonly choices?: readonly string[]
}

/** Options by name, in the order of `--help`. */
export type OptionSpecs = Readonly<Record<string, OptionSpec>>
