import { COMMANDS, type CommandEntry } from '../../command-table.ts'
import type { Command } from '../../command.ts'
import { COMMON_OPTIONS } from '../../options/common-options.ts'
import type { OptionGroup, OptionSpec, OptionSpecs } from '../../options/option-spec.ts'
import { formatDefinitions, formatExamples, meaningColumn, type Definition } from './definition-list.ts'
import { wrapWords } from './wrap-words.ts'

/** The style of help. */
export interface HelpStyle {
  /** The width in columns. */
  readonly width: number
  /** Makes a heading stand out. */
  readonly heading: (text: string) => string
}

/** Options that the command line answers itself. */
export const ANSWERED_OPTIONS: OptionSpecs = {
  version: { type: 'boolean', describe: 'print the version' },
  help: { type: 'boolean', alias: 'h', describe: 'print this help' },
}

const COMMON_SUBJECT = 'Options of every command'

const ALL_COMMON_OPTIONS: OptionSpecs = { ...COMMON_OPTIONS, ...ANSWERED_OPTIONS }

const EPILOGUE =
  'Every option can also be set in the file that --config names, or in the environment: --log-dir is ZCAST_LOG_DIR. ' +
  'Flags override environment variables, which override the file.'

const OVERVIEW_EXAMPLES: readonly Definition[] = [
  ['zcast demo', 'everything at once, on this machine'],
  ['zcast publish video clip.mp4', 'send a clip, again and again'],
  ['zcast viewer 1', 'watch it at http://127.0.0.1:8081'],
]

/** The output of `zcast help`. */
export function overviewHelp({ width, heading }: HelpStyle): string {
  const commands = COMMANDS.map(({ name, summary }): Definition => [`zcast ${name}`, summary])
  const help: Definition = ['zcast help COMMAND', 'show the options and examples of a command']
  return join([
    ['zcast: live numbers, video and sound over ZeroMQ', '', 'Usage: zcast COMMAND [options]'],
    [heading('Commands:'), ...formatDefinitions([...commands, help], width)],
    ...optionLists([{ subject: COMMON_SUBJECT, options: ALL_COMMON_OPTIONS }], { width, heading }),
    [heading('Examples:'), ...formatExamples(OVERVIEW_EXAMPLES, width)],
    wrapWords(EPILOGUE, width),
  ])
}

/** The output of `zcast help COMMAND`: its own options first, then the common ones. */
export function commandHelp({ summary }: CommandEntry, command: Command, style: HelpStyle): string {
  const { width, heading } = style
  const positionals = Object.entries(command.positionals).map(([name, { describe }]): Definition => [
    name,
    describe,
  ])
  const own = new Set(command.groups.flatMap(({ options }) => Object.keys(options)))
  const common = Object.entries(ALL_COMMON_OPTIONS).filter(([name]) => !own.has(name))
  return join([
    [`zcast ${command.usage}`, '', ...wrapWords(summary, width)],
    positionals.length === 0 ? [] : [heading('Arguments:'), ...formatDefinitions(positionals, width)],
    ...optionLists(
      [...command.groups, { subject: COMMON_SUBJECT, options: Object.fromEntries(common) }],
      style,
    ),
    [heading('Examples:'), ...formatExamples(command.examples, width)],
  ])
}

/** A list of options for each subject, all aligned. */
function optionLists(groups: readonly OptionGroup[], { width, heading }: HelpStyle): string[][] {
  const lists = groups.map(({ subject, options }) => ({
    subject,
    definitions: Object.entries(options).map(([name, spec]): Definition => [
      optionTerm(name, spec),
      spec.describe,
    ]),
  }))
  const column = meaningColumn(
    lists.flatMap(({ definitions }) => definitions),
    width,
  )
  return lists.map(({ subject, definitions }) =>
    [heading(`${subject}:`)].concat(formatDefinitions(definitions, width, column)),
  )
}

function optionTerm(name: string, { alias, value }: OptionSpec): string {
  const start = alias === undefined ? '    ' : `-${alias}, `
  return `${start}--${name}${value === undefined ? '' : ` ${value}`}`
}

/** Paragraphs with an empty line between them. */
function join(paragraphs: readonly (readonly string[])[]): string {
  return paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => `${line}\n`).join(''))
    .join('\n')
}
