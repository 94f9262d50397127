import { OptionError } from '@zcast/shared'
import type { Command } from '../../command.ts'
import { BASH_SCRIPT, ZSH_SCRIPT } from './completion-scripts.ts'

/** `zcast completion`: prints what a shell needs to complete zcast's command lines. */
export const completion: Command = {
  usage: 'completion [shell]',
  positionals: {
    shell: { describe: 'bash or zsh [default: the one that SHELL names]', words: ['bash', 'zsh'] },
  },
  groups: [],
  examples: [
    ['source <(zcast completion)', 'in this shell; put the line into ~/.bashrc or ~/.zshrc for every shell'],
  ],
  plan(args) {
    const usual = process.env['SHELL']?.endsWith('zsh') ? 'zsh' : 'bash'
    const shell = args.text('shell') ?? usual
    if (shell !== 'bash' && shell !== 'zsh') {
      throw new OptionError(`there is no completion for "${shell}": choose bash or zsh`)
    }
    const script = shell === 'zsh' ? ZSH_SCRIPT : BASH_SCRIPT
    return { role: undefined, run: async ({ output }) => void output.write(script) }
  },
}
