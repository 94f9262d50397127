import { COMMANDS, type CommandEntry } from '../command-table.ts'
import { COMMON_OPTIONS } from '../options/common-options.ts'
import { UsageError } from '../options/reading/settings.ts'
import { didYouMean } from '../options/reading/suggestion.ts'

/** Shows help; it has no row in the table, which it prints. */
export const HELP_COMMAND = 'help'

/** Every word that can come first. */
export const COMMAND_NAMES: readonly string[] = [...COMMANDS.map(({ name }) => name), HELP_COMMAND]

/** Options that may precede a command and take the next word. */
const VALUED = new Set(
  Object.entries(COMMON_OPTIONS).flatMap(([name, { type }]) => (type === 'boolean' ? [] : [`--${name}`])),
)

/** The words of a command line that are neither options nor values of common options: the first one is the command. */
export function findWords(argv: readonly string[]): string[] {
  return argv.filter((text, index) => !text.startsWith('-') && !VALUED.has(argv[index - 1] ?? ''))
}

/** Finds a command by its name. @throws {@link UsageError} when there is none with that name. */
export function findEntry(name: string): CommandEntry {
  const entry = COMMANDS.find((candidate) => candidate.name === name)
  if (entry) return entry
  throw new UsageError(`unknown command: ${name}${didYouMean(name, COMMAND_NAMES)}`)
}
