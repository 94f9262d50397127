import { OptionError, writeNewKeys } from '@zcast/shared'
import { listKeys } from '@zcast/shared/internal'
import type { CommandContext } from '../../command-context.ts'
import { didYouMean } from '../../options/reading/suggestion.ts'
import { keysDirectory } from '../../options/keys/read-keys.ts'
import type { Arguments } from '../../options/reading/arguments.ts'
import type { Plan } from '../../command.ts'

/** Reads and checks the options of `zcast keys`. @throws {@link OptionError} when one is wrong. */
export function planKeys(args: Arguments): Plan {
  const action = args.text('action')
  const name = args.text('name')
  const directory = keysDirectory(args)
  if (action === 'new') {
    if (name === undefined) throw new OptionError('name the keys to make, such as "zcast keys new lab"')
    return { role: undefined, run: (context) => make(context, directory, name) }
  }
  if (action !== 'list') {
    throw new OptionError(
      action === undefined
        ? 'write "keys new NAME" or "keys list"'
        : `cannot "${action}" keys: choose new or list${didYouMean(action, ['new', 'list'])}`,
    )
  }
  if (name !== undefined) throw new OptionError(`"keys list" takes no name, got "${name}"`)
  return { role: undefined, run: (context) => list(context, directory) }
}

async function make({ output, json, quiet }: CommandContext, directory: string, name: string): Promise<void> {
  const { publicPath, secretPath, publicKey } = await writeNewKeys(directory, name)
  if (json) output.write(`${JSON.stringify({ name, publicKey, publicPath, secretPath })}\n`)
  else if (!quiet) {
    output.write(`wrote ${publicPath}, to be given to the others\n`)
    output.write(`wrote ${secretPath}, to be kept secret\n`)
  }
}

async function list(context: CommandContext, directory: string): Promise<void> {
  const { output, json } = context
  const { keys: found, problems } = await listKeys(directory)
  for (const problem of problems) context.summary(problem)
  if (json) return void output.write(`${JSON.stringify(found)}\n`)
  if (found.length === 0)
    context.status(`there are no keys in "${directory}": make some with "zcast keys new NAME"`)
  const width = Math.max(0, ...found.map(({ name }) => name.length))
  for (const { name, publicKey, secret, exposed } of found) {
    const owned = exposed ? ' secret, READABLE BY OTHERS' : ' secret'
    output.write(`${name.padEnd(width)}  ${publicKey}${secret ? owned : ''}\n`)
  }
}
