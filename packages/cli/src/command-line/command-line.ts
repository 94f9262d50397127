import { readFileSync } from 'node:fs'
import yargs, { type Argv, type Options } from 'yargs'
import { COMMANDS, type CommandEntry } from '../command-table.ts'
import type { Command } from '../command.ts'
import { flagOrigins, withOrigin } from './option-origin.ts'
import type { OptionSpecs } from '../options/option-spec.ts'
import { COMMON_OPTIONS } from '../options/common-options.ts'
import { readConfiguration } from '../options/configuration-file.ts'
import { environmentName, readEnvironment, withoutOwnEndings } from '../options/environment.ts'
import { UsageError, type Origins, type Settings } from '../options/settings.ts'
import { spellSwitches } from './switches.ts'

/** A command and the values of its options and positional arguments. */
export interface ParsedCommandLine {
  readonly command: Command
  readonly values: Settings
  /** Where each of them came from. */
  readonly origins: Origins
}

/**
 * Finds out what is asked for. Flags go before the environment, the environment before the configuration file, the
 * file before defaults.
 *
 * @returns `undefined` when the parser has answered by itself: help, version, completion.
 * @throws {@link UsageError} with one sentence when the command line or the configuration is wrong.
 */
export async function parseCommandLine(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<ParsedCommandLine | undefined> {
  const entry = findCommand(argv)
  const command = await entry?.load()
  let values: Settings | undefined
  const options = { ...COMMON_OPTIONS, ...command?.options }
  const spelled = spellSwitches(argv, options)
  const given = readElsewhere(entry, options, argv, environment)
  const parser = createParser(spelled, entry, given)
  for (const other of COMMANDS) {
    if (other !== entry || !command) {
      parser.command(other.name, other.summary)
      continue
    }
    parser.command(
      command.usage,
      other.summary,
      (scope) => describeCommand(scope, entry, command, given.settings),
      (parsed) => {
        values = restoreDashes(parsed)
      },
    )
  }
  await parser.parseAsync()
  return command && values ? { command, values, origins: given.origins } : undefined
}

// yargs takes a positional "-" (standard input) for an option without a name, and makes it empty.
const DASH = '\0-'

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

/** The first word that is neither an option nor an option's value; before a command only common options make sense. */
function findCommand(argv: readonly string[]): CommandEntry | undefined {
  const valued = new Set(
    Object.entries(COMMON_OPTIONS).flatMap(([name, { type }]) => (type === 'boolean' ? [] : [`--${name}`])),
  )
  const isValue = (index: number): boolean => valued.has(argv[index - 1] ?? '')
  // While completing, yargs is given its own option and the program's name first.
  const name = argv.find((text, index) => !text.startsWith('-') && text !== 'zcast' && !isValue(index))
  return COMMANDS.find((entry) => entry.name === name)
}

function createParser(argv: readonly string[], entry: CommandEntry | undefined, given: GivenElsewhere): Argv {
  return yargs(hideDashes(argv))
    .scriptName('zcast')
    .usage('zcast: live numbers and video over ZeroMQ\n\nUsage: $0 COMMAND [options]')
    .locale('en')
    .parserConfiguration({
      'greedy-arrays': false,
      'boolean-negation': false,
      'camel-case-expansion': false,
      'strip-aliased': true,
    })
    .options(toYargs(COMMON_OPTIONS))
    .completion('completion', 'print a completion script for bash or zsh')
    .example('$0 demo', 'everything at once, on this machine')
    .example('$0 publish video clip.mp4', 'send a clip, again and again')
    .example('$0 viewer 1', 'watch it at http://127.0.0.1:8081')
    .epilogue(
      'Each option can also be set in the file named by --config, or as ZCAST_OPTION in the environment.',
    )
    .version(readVersion())
    .help()
    .alias('help', 'h')
    .demandCommand(1, 1, 'name a command; "zcast --help" lists them')
    .strict()
    .strictCommands()
    .wrap(Math.min(110, process.stdout.columns || 110))
    .exitProcess(false)
    .fail((message, error: Error | undefined) => {
      // A usage error comes as a message, or as an error of the parser's own.
      if (error && error.name !== 'YError') throw error
      const sentence = sayUsage(error?.message ?? message, entry)
      throw new UsageError(withOrigin(sentence, given.settings, given.origins))
    })
}

/** The parser's words as one sentence. */
function sayUsage(text: string, entry: CommandEntry | undefined): string {
  const choice = /Argument: (\S+), Given: (.+), Choices: (.+)/.exec(text)
  if (choice) return `${choice[1]} must be one of ${choice[3]}, got ${choice[2]}`
  const missing = /^Not enough arguments following: (.+)/.exec(text)
  if (missing) return `${missing[1]} needs a value`
  // What comes after a command is a word too many, not a command.
  const extra = entry && /^Unknown commands?: (.+)/.exec(text)?.[1]
  if (extra) return `"${extra.replaceAll(DASH, '-')}" is too much: see "zcast ${entry.name} --help"`
  return lowerFirst(text.replaceAll(DASH, '-'))
}

function describeCommand(scope: Argv, entry: CommandEntry, command: Command, settings: Settings): Argv {
  scope.usage(`zcast ${command.usage}\n\n${entry.summary}`)
  for (const [name, describe] of Object.entries(command.positionals)) {
    scope.positional(name, { describe, type: 'string' })
  }
  scope.options(toYargs(command.options))
  for (const [line, meaning] of command.examples) scope.example(line, meaning)
  return scope.config(settings)
}

/** What was not given as a flag, and where all that was given came from. */
interface GivenElsewhere {
  readonly settings: Settings
  readonly origins: Origins
}

/** Reads the configuration file and the environment, which goes before it. */
function readElsewhere(
  entry: CommandEntry | undefined,
  options: OptionSpecs,
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
): GivenElsewhere {
  const flags = flagOrigins(argv, options)
  if (!entry) return { settings: {}, origins: flags }
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

function toYargs(options: OptionSpecs): Record<string, Options> {
  const converted = Object.entries(options).map(([name, { describe, type, alias, choices }]) => {
    const option: Options = { describe, type: type === 'boolean' ? 'boolean' : 'string' }
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

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return (manifest as { version: string }).version
}
