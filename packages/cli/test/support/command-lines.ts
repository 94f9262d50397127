import { COMMANDS } from '../../src/command-table.ts'
import { optionsOf } from '../../src/command.ts'

/** What is wrong with the `zcast` commands in a piece of shell: unknown commands and options. Nothing, if all is well. */
export async function wrongCommands(shell: string): Promise<string[]> {
  const lines = shell.split('\n').flatMap((line) => line.replace(/(^|\s)#.*$/, '').split(/&&|\||;|<\(|\)/))
  const commands = lines.map((line) => /^\s*(?:\.\/|npx )?zcast\s+(.*)$/.exec(line)?.[1]).filter(Boolean)
  // One after the other: Jest's modules cannot be imported by several at once.
  const wrong: string[] = []
  for (const words of commands) wrong.push(...(await wrongIn(words as string)))
  return wrong
}

/** Every option of every command by its long name. */
export async function allOptions(): Promise<ReadonlySet<string>> {
  const names = ['help', 'version']
  for (const entry of COMMANDS) names.push(...Object.keys(optionsOf(await entry.load())))
  return new Set(names.flatMap((name) => [name, `no-${name}`]))
}

async function wrongIn(words: string): Promise<string[]> {
  const [first = '', ...rest] = words.split(/\s+/)
  if (first === 'help' || first === '--help' || first === '--version') return []
  const entry = COMMANDS.find(({ name }) => name === first)
  if (!entry) return [`zcast ${first}: no such command`]
  const options = optionsOf(await entry.load())
  return rest.flatMap((word) => {
    const [, name = ''] = /^--([a-z-]+)(?:=|$)/.exec(word) ?? []
    const positive = name.replace(/^no-/, '')
    const isKnown = name === '' || name === 'help' || name in options || options[positive]?.type === 'boolean'
    return isKnown ? [] : [`zcast ${first} --${name}: no such option`]
  })
}
