import type { Command } from '../../command.ts'
import { LISTING_GROUP } from '../../options/listing-options.ts'

/** `zcast completion`: prints the script with which a shell completes zcast's command lines. */
export const completion: Command = {
  usage: 'completion [shell]',
  positionals: {
    shell: { describe: 'bash or zsh [default: the one that SHELL names]', words: ['bash', 'zsh'] },
  },
  groups: [LISTING_GROUP],
  examples: [
    ['source <(zcast completion)', 'in this shell; put the line into ~/.bashrc or ~/.zshrc for every shell'],
  ],
  plan: async (args) => (await import('./plan-completion.ts')).planCompletion(args),
}
