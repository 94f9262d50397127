import { OptionError } from '@zcast/shared'
import { BASH_SCRIPT, ZSH_SCRIPT } from './completion-scripts.ts'
import type { Arguments } from '../../options/reading/arguments.ts'
import type { Plan } from '../../command.ts'

/** Reads and checks the options of `zcast completion`. @throws {@link OptionError} when one is wrong. */
export function planCompletion(args: Arguments): Plan {
  const usual = process.env['SHELL']?.endsWith('zsh') ? 'zsh' : 'bash'
  const shell = args.text('shell') ?? usual
  if (shell !== 'bash' && shell !== 'zsh') {
    throw new OptionError(`there is no completion for "${shell}": choose bash or zsh`)
  }
  const script = shell === 'zsh' ? ZSH_SCRIPT : BASH_SCRIPT
  return {
    role: undefined,
    run: async ({ output, json }) =>
      void output.write(json ? `${JSON.stringify({ shell, script })}\n` : script),
  }
}
