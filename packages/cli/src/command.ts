import type { Arguments } from './options/arguments.ts'
import { COMMON_OPTIONS } from './options/common-options.ts'
import type { CommandContext } from './command-context.ts'
import type { OptionGroup, OptionSpecs, PositionalSpec } from './options/option-spec.ts'

/** What a command does once its options have been found good. */
export interface Plan {
  /** Who speaks in the log and on stderr, such as `client 1`; `undefined` for a command that logs nothing. */
  readonly role: string | undefined
  /** Does it. Resolves when it is done; the context's signal asks for an early end. */
  run(context: CommandContext): Promise<void>
}

/** One command of the command line. Each lives in a module of its own, loaded only when it is asked for. */
export interface Command {
  /** Name and positional arguments in yargs' notation: `client [which]`. */
  readonly usage: string
  /** Positional arguments by name, in their order. */
  readonly positionals: Readonly<Record<string, PositionalSpec>>
  /** The command's own options by subject, in the order of help; what it says of a common option goes before. */
  readonly groups: readonly OptionGroup[]
  /** Command line and what it does. */
  readonly examples: readonly (readonly [string, string])[]
  /**
   * Reads and checks the options; opens nothing yet.
   *
   * @throws {@link OptionError}, {@link EndpointError} `ERR_ENDPOINT`: exit status 2.
   */
  plan(args: Arguments): Plan | Promise<Plan>
}

/** Every option of a command, the common ones included. */
export function optionsOf({ groups }: Pick<Command, 'groups'>): OptionSpecs {
  return Object.assign({}, COMMON_OPTIONS, ...groups.map(({ options }) => options)) as OptionSpecs
}
