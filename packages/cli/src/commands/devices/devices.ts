import type { Command } from '../../command.ts'
import { LISTING_GROUP } from '../../options/listing-options.ts'

/** `zcast devices`: lists cameras and screens. */
export const devices: Command = {
  usage: 'devices',
  positionals: {},
  groups: [LISTING_GROUP],
  examples: [['zcast devices --json', 'for a program']],
  plan() {
    return {
      role: undefined,
      run: async (context) => {
        const { output, json } = context
        const { listDevices } = await import('@zcast/media')
        const found = await listDevices()
        if (json) output.write(`${JSON.stringify(found)}\n`)
        else if (found.length === 0) context.summary('no camera and no screen was found')
        else for (const { source, name } of found) output.write(`${source.padEnd(24)} ${name}\n`)
      },
    }
  },
}
