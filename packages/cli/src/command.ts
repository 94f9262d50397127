import type { Arguments } from './options/reading/arguments.ts'
import { COMMON_OPTIONS } from './options/common-options.ts'
import type { CommandContext } from './command-context.ts'
import type { OptionGroup, OptionSpecs, PositionalSpec } from './options/option-spec.ts'

/** The work of a command once its options have been checked. */
export interface Plan {
  /** The role in the log and on stderr, such as `client 1`; `undefined` for a command that logs nothing. */
  readonly role: string | undefined
  /** Runs the command. Resolves when it is done; the context's signal requests an early end. */
  run(context: CommandContext): Promise<void>
}

/** One command of the command line. Each is in a module of its own, loaded only when it is used. */
export interface Command {
  /** Name and positional arguments in yargs' notation: `client [which]`, `viewer <number>`. */
  readonly usage: string
  /** Positional arguments by name, in their order. */
  readonly positionals: Readonly<Record<string, PositionalSpec>>
  /** The command's own options by subject, in the order of help; they override common options of the same name. */
  readonly groups: readonly OptionGroup[]
  /** Command lines and their meanings. */
  readonly examples: readonly (readonly [string, string])[]
  /**
   * Reads and checks the options; opens nothing yet.
   *
   * @throws {@link OptionError}, {@link EndpointError} `ERR_ENDPOINT`: exit status 2.
   */
  plan(args: Arguments): Plan | Promise<Plan>
}

/** Every option of a command, including the common ones. */
export function optionsOf({ groups }: Pick<Command, 'groups'>): OptionSpecs {
  return Object.assign({}, COMMON_OPTIONS, ...groups.map(({ options }) => options)) as OptionSpecs
}
