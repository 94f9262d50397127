import type { Command } from '../../command.ts'
import { LISTING_GROUP } from '../../options/listing-options.ts'

/** `zcast devices`: lists cameras, screens and microphones. */
export const devices: Command = {
  usage: 'devices',
  positionals: {},
  groups: [LISTING_GROUP],
  examples: [['zcast devices --json', 'for a program']],
  plan: async () => (await import('./plan-devices.ts')).planDevices(),
}
