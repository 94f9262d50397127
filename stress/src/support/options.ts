import { parseArgs } from 'node:util'
import { OptionError } from '@zcast/shared'

/** An option of a program; each takes a text. */
export interface OptionSpec {
  /** What its text stands for, such as `TIME`. */
  readonly value: string
  readonly describe: string
  readonly default?: string
}

/** How a program is called. */
export interface Usage {
  /** The npm script that starts it. */
  readonly script: string
  /** What it does; one sentence. */
  readonly about: string
  readonly options: Readonly<Record<string, OptionSpec>>
  /** Words that stand for options. */
  readonly words?: Readonly<Record<string, readonly string[]>>
  /** The arguments of an example. */
  readonly example: string
}

/** The options that a {@link Usage} has, with its defaults. */
export type OptionsOf<Called extends Usage> = {
  readonly [Name in keyof Called['options']]: Called['options'][Name] extends { readonly default: string }
    ? string
    : string | undefined
}

/**
 * Reads the options of a program.
 *
 * @returns `undefined` when they ask for help.
 * @throws {@link OptionError} when there is one that is not known, or something else.
 */
export function readOptions<Called extends Usage>({
  options,
  words = {},
}: Called): OptionsOf<Called> | undefined {
  const known = Object.entries(options).map(([name, { default: text }]) => {
    return [name, { type: 'string' as const, ...(text !== undefined && { default: text }) }] as const
  })
  try {
    const { help, ...values } = parseArgs({
      args: process.argv.slice(2).flatMap((word) => words[word] ?? word),
      options: { ...Object.fromEntries(known), help: { type: 'boolean' } },
    }).values
    return help === true ? undefined : (values as OptionsOf<Called>)
  } catch (error) {
    // Node goes on to explain itself at length.
    const [what] = (error as Error).message.split(/\.\s/)
    const names = [...Object.keys(options), 'help'].map((name) => `--${name}`)
    throw new OptionError(`${what} (known: ${names.join(', ')})`)
  }
}

/** What `--help` shows, line by line. */
export function describeUsage({ script, about, options, example }: Usage): string[] {
  const rows = Object.entries(options).map(([name, { value, describe, default: text }]) => {
    return [`--${name} ${value}`, text === undefined ? describe : `${describe} [default: ${text}]`] as const
  })
  const width = Math.max(...rows.map(([option]) => option.length))
  return [
    about,
    '',
    `npm run ${script} -- [options]`,
    '',
    ...rows.map(([option, text]) => `  ${option.padEnd(width)}  ${text}`),
    `  ${'--help'.padEnd(width)}  show this`,
    '',
    `Example: npm run ${script} -- ${example}`,
  ]
}
