import type { Command } from '../../command.ts'
import { LISTING_GROUP } from '../../options/listing-options.ts'

/** `zcast info`: what is in a recording. */
export const info: Command = {
  usage: 'info <files..>',
  positionals: {
    files: { describe: 'recordings, folders of recordings, or any MCAP files: all as one', files: true },
  },
  groups: [LISTING_GROUP],
  examples: [
    ['zcast info flight.mcap', 'its topics, their rates, and what is missing'],
    ['zcast info flights/', 'of all recordings in a folder, as one'],
    ['zcast info flight.mcap --json', 'for a program'],
  ],
  plan: async (args) => (await import('./plan-info.ts')).planInfo(args),
}
