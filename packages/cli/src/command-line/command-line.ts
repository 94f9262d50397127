import { COMMANDS, type CommandEntry } from '../command-table.ts'
import { optionsOf, type Command } from '../command.ts'
import { COMMON_OPTIONS } from '../options/common-options.ts'
import { readConfiguration } from '../options/reading/configuration-file.ts'
import { environmentName, readEnvironment, withoutOwnEndings } from '../options/reading/environment.ts'
import type { OptionSpecs } from '../options/option-spec.ts'
import { UsageError, type Origins, type Settings } from '../options/reading/settings.ts'
import { findAnswer } from './answer.ts'
import { findEntry, findWords } from './find-command.ts'
import { flagOrigins, withOrigin } from './option-origin.ts'
import { spellSwitches } from './switches.ts'

/** A command and the values of its options and positional arguments. */
export interface ParsedCommandLine {
  readonly command: Command
  readonly values: Settings
  /** The origin of each of them. */
  readonly origins: Origins
}

/**
 * Parses a command line. Flags override environment variables, which override the configuration file, which overrides
 * defaults.
 *
 * @returns A text when that is all that was requested: help, the version, completions for a shell.
 * @throws {@link UsageError} with one sentence when the command line or the configuration is wrong.
 */
export async function parseCommandLine(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<ParsedCommandLine | string> {
  const answer = await findAnswer(argv, environment)
  if (answer !== undefined) return answer
  const entry = findCommand(argv)
  const command = await entry.load()
  const options = optionsOf(command)
  const spelled = spellSwitches(argv, options)
  const given = readElsewhere(entry, options, argv, environment)
  // Help does not need the parser, which takes longer to load than all the rest.
  const { parseFlags } = await import('./parser.ts')
  try {
    const values = await parseFlags(spelled, entry, command, given.settings)
    return { command, values, origins: given.origins }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    throw new UsageError(withOrigin(error.message, given.settings, given.origins))
  }
}

function findCommand(argv: readonly string[]): CommandEntry {
  const [name] = findWords(argv)
  if (name === undefined) throw new UsageError('name a command; "zcast --help" lists them')
  return findEntry(name)
}

/** Values that were not given as flags, and the origin of every given value. */
interface GivenElsewhere {
  readonly settings: Settings
  readonly origins: Origins
}

/** Reads the configuration file and the environment, which overrides it. */
function readElsewhere(
  entry: CommandEntry,
  options: OptionSpecs,
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
): GivenElsewhere {
  const flags = flagOrigins(argv, options)
  const fromEnvironment = readEnvironment(options, environment)
  const variables = Object.keys(fromEnvironment).map((name) => [name, environmentName(name)])
  const path = findConfigPath(argv) ?? fromEnvironment['config']
  const names = COMMANDS.map(({ name }) => name)
  const file =
    typeof path === 'string'
      ? readConfiguration(path, entry.name, options, COMMON_OPTIONS, names)
      : { settings: {}, origins: {} }
  return {
    settings: { ...withoutOwnEndings(file.settings, environment), ...fromEnvironment },
    origins: { ...file.origins, ...Object.fromEntries(variables), ...flags },
  }
}

function findConfigPath(argv: readonly string[]): string | undefined {
  const [path, ...others] = argv.flatMap((text, index) => {
    if (text.startsWith('--config=')) return [text.slice('--config='.length)]
    return text === '--config' && argv[index + 1] !== undefined ? [argv[index + 1] as string] : []
  })
  if (others.length === 0) return path
  throw new UsageError('config was given more than once: put everything into one file')
}
