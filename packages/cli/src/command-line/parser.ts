import yargs, { type Options } from 'yargs'
import { type Command, optionsOf } from '../command.ts'
import type { CommandEntry } from '../command-table.ts'
import type { OptionSpecs } from '../options/option-spec.ts'
import { UsageError, type Settings } from '../options/reading/settings.ts'
import { didYouMean } from '../options/reading/suggestion.ts'

// yargs treats a positional "-" (standard input) as an option without a name, and makes it empty.
const DASH = '\0-'

/**
 * Parses the flags and the positional arguments of a command.
 *
 * @param given - The values from the environment and the configuration file.
 * @throws {@link UsageError} with one sentence when something is unknown, missing or unexpected.
 */
export async function parseFlags(
  argv: readonly string[],
  entry: CommandEntry,
  command: Command,
  given: Settings,
): Promise<Settings> {
  const options = optionsOf(command)
  let values: Settings = {}
  await yargs(hideDashes(argv))
    .scriptName('zcast')
    .locale('en')
    .parserConfiguration({
      'greedy-arrays': false,
      'boolean-negation': false,
      'camel-case-expansion': false,
      'strip-aliased': true,
    })
    .command(
      // What is missing is said by the command itself.
      command.usage.replaceAll('<', '[').replaceAll('>', ']'),
      entry.summary,
      (scope) => {
        for (const name of Object.keys(command.positionals)) scope.positional(name, { type: 'string' })
        return scope.options(toYargs(options)).config(given)
      },
      (parsed) => {
        values = restoreDashes(parsed)
      },
    )
    // Both are answered before anything is parsed.
    .help(false)
    .version(false)
    .strict()
    .strictCommands()
    .exitProcess(false)
    .fail((message, error: Error | undefined) => {
      // A usage error comes as a message, or as an error of the parser's own type.
      if (error && error.name !== 'YError') throw error
      throw new UsageError(sayUsage(error?.message ?? message, entry, options))
    })
    .parseAsync()
  return values
}

function hideDashes(argv: readonly string[]): string[] {
  return argv.map((text) => (text === '-' ? DASH : text))
}

function restoreDashes(values: Settings): Settings {
  const restore = (value: unknown): unknown => (value === DASH ? '-' : value)
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(restore) : restore(value),
    ]),
  )
}

/** Turns the parser's words into one sentence. */
function sayUsage(text: string, { name }: CommandEntry, options: OptionSpecs): string {
  const choice = /Argument: (\S+), Given: (.+), Choices: (.+)/s.exec(text)
  if (choice) {
    const [, option = '', got = '', choices = ''] = choice
    const meant = didYouMean(got.replaceAll('"', ''), options[option]?.choices ?? [])
    return `${option} must be one of ${choices}, got ${got}${meant}`
  }
  const missing = /^Not enough arguments following: (.+)/s.exec(text)
  if (missing) return `${missing[1]} needs a value`
  // A word after a command is an unexpected argument, not a command.
  const extra = /^Unknown commands?: (.+)/s.exec(text)?.[1]
  if (extra !== undefined)
    return `unexpected argument "${extra.replaceAll(DASH, '-')}": see "zcast help ${name}"`
  const unknown = /^Unknown argument: (.+)/s.exec(text)?.[1]
  const meant =
    unknown === undefined ? '' : didYouMean(unknown, Object.keys(options), (option) => `--${option}`)
  return lowerFirst(text.replaceAll(DASH, '-')) + meant
}

function toYargs(options: OptionSpecs): Record<string, Options> {
  const converted = Object.entries(options).map(([name, { type, alias, choices }]) => {
    const option: Options = { type: type === 'boolean' ? 'boolean' : 'string' }
    if (type !== 'boolean') option.requiresArg = true
    if (type === 'list') option.array = true
    if (alias) option.alias = alias
    if (choices) option.choices = choices
    return [name, option] as const
  })
  return Object.fromEntries(converted)
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
