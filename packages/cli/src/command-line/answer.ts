import { readFileSync } from 'node:fs'
import { UsageError } from '../options/reading/settings.ts'
import { findEntry, findWords, HELP_COMMAND } from './find-command.ts'

/** Requests completions; the words up to the cursor follow. Used only by the scripts of `zcast completion`. */
const COMPLETIONS_FLAG = '--get-completions'

/**
 * Answers a command line that needs no parsing of its options: help, the version, completions.
 *
 * @throws {@link UsageError} when help is requested for a command that does not exist.
 */
export async function findAnswer(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  if (argv[0] === COMPLETIONS_FLAG) {
    const { complete } = await import('./completion/complete.ts')
    return complete(argv.slice(1))
  }
  const end = argv.indexOf('--')
  const flags = end < 0 ? argv : argv.slice(0, end)
  const words = findWords(flags)
  if (flags.some((text) => /^(--help|-[a-z]*h)$/.test(text)))
    return printHelp(words.filter((word) => word !== HELP_COMMAND).slice(0, 1), environment)
  if (flags.includes('--version')) return `${readVersion()}\n`
  if (words[0] !== HELP_COMMAND) return undefined
  if (words.length > 2) throw new UsageError('help takes one command: see "zcast help"')
  return printHelp(words.slice(1), environment)
}

async function printHelp([name]: readonly string[], environment: NodeJS.ProcessEnv): Promise<string> {
  const [{ commandHelp, overviewHelp }, { helpWidth }, { paintBold }] = await Promise.all([
    import('./help/help-text.ts'),
    import('./help/help-width.ts'),
    import('../process/colour.ts'),
  ])
  const style = {
    width: helpWidth(environment, process.stdout.columns),
    heading: paintBold(process.stdout),
  }
  if (name === undefined) return overviewHelp(style)
  const entry = findEntry(name)
  return commandHelp(entry, await entry.load(), style)
}

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return (manifest as { version: string }).version
}
