import type { Command } from '../../command.ts'
import { LISTING_GROUP } from '../../options/listing-options.ts'

/** `zcast recover`: repairs a recording. */
export const recover: Command = {
  usage: 'recover <file>',
  positionals: {
    file: { describe: 'a recording that was cut short or damaged; it stays as it is', files: true },
  },
  groups: [LISTING_GROUP],
  examples: [['zcast recover flight.mcap', 'makes flight-recovered.mcap of it, beside it']],
  plan: async (args) => (await import('./plan-recover.ts')).planRecover(args),
}
