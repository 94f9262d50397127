import { COMMANDS } from '../../command-table.ts'
import { optionsOf, type Command } from '../../command.ts'
import { COMMON_OPTIONS } from '../../options/common-options.ts'
import type { OptionSpec, OptionSpecs, PositionalSpec } from '../../options/option-spec.ts'
import { COMMAND_NAMES, findWords, HELP_COMMAND } from '../find-command.ts'
import { ANSWERED_OPTIONS } from '../help/help-text.ts'

/** Asks the shell to complete file names too; no candidate begins like this. */
const FILES = ':files'

/**
 * The candidates that a shell can insert at its cursor.
 *
 * @param words - The words after `zcast` up to the cursor; the last is being typed, and may be empty.
 * @returns One candidate per line; `:files` when file names are candidates too.
 */
export async function complete(words: readonly string[]): Promise<string> {
  const last = words.at(-1) ?? ''
  // bash treats "=" as a separate word, and the text before and after it as words.
  const typed = last === '=' ? '' : last
  const before = words.slice(0, -1).filter((word) => word !== '=')
  const candidates = await findCandidates(before, typed)
  return candidates
    .filter((candidate) => candidate === FILES || candidate.startsWith(typed))
    .map((candidate) => `${candidate}\n`)
    .join('')
}

async function findCandidates(before: readonly string[], typed: string): Promise<readonly string[]> {
  const [name, ...others] = findWords(before)
  if (name === HELP_COMMAND) return others.length === 0 ? COMMANDS.map((entry) => entry.name) : []
  const command = await COMMANDS.find((entry) => entry.name === name)?.load()
  const options = { ...(command ? optionsOf(command) : COMMON_OPTIONS), ...ANSWERED_OPTIONS }
  const [, given, start] = /^--([^=]+)=(.*)$/s.exec(typed) ?? []
  if (given !== undefined && start !== undefined) {
    return valuesOf(options[given]).map((value) => (value === FILES ? value : `--${given}=${value}`))
  }
  const awaiting = findOption(options, before.at(-1) ?? '')
  if (awaiting && awaiting.type !== 'boolean') return valuesOf(awaiting)
  if (typed.startsWith('-') && typed !== '-') return Object.keys(options).map((option) => `--${option}`)
  if (!command) return name === undefined ? COMMAND_NAMES : []
  return wordsOf(findPositional(command, options, before))
}

function valuesOf(spec: OptionSpec | undefined): readonly string[] {
  if (spec?.choices) return spec.choices
  return spec?.value === 'FILE' || spec?.value === 'FOLDER' || spec?.value === 'SOURCE' ? [FILES] : []
}

function findOption(options: OptionSpecs, word: string): OptionSpec | undefined {
  if (word.startsWith('--')) return options[word.slice(2)]
  if (!/^-[a-z]$/i.test(word)) return undefined
  return Object.values(options).find(({ alias }) => alias === word[1])
}

/** The positional argument that comes next; the last one may be repeated. */
function findPositional(
  command: Command,
  options: OptionSpecs,
  before: readonly string[],
): PositionalSpec | undefined {
  const given = before.filter((word, index) => {
    const valued = findOption(options, before[index - 1] ?? '')
    return (word === '-' || !word.startsWith('-')) && (valued === undefined || valued.type === 'boolean')
  })
  const specs = Object.values(command.positionals)
  // The command's own name is one of the words.
  const spec = specs[given.length - 1]
  return spec ?? (command.usage.endsWith('..]') ? specs.at(-1) : undefined)
}

function wordsOf(spec: PositionalSpec | undefined): readonly string[] {
  return [...(spec?.words ?? []), ...(spec?.files ? [FILES] : [])]
}
