import type { Command } from '../../command.ts'
import { LISTING_GROUP } from '../../options/listing-options.ts'

/** `zcast keys`: makes keys and lists them. */
export const keys: Command = {
  usage: 'keys [action] [name]',
  positionals: {
    action: { describe: 'new to make keys, list to show those that exist', words: ['new', 'list'] },
    name: { describe: 'name of the new keys: 1 to 64 of A-Z a-z 0-9 . _ -' },
  },
  groups: [LISTING_GROUP],
  examples: [
    ['zcast keys new server', 'keys/server.key for everybody, keys/server.key_secret for the publisher'],
    ['zcast keys list', 'names and public keys'],
  ],
  plan: async (args) => (await import('./plan-keys.ts')).planKeys(args),
}
