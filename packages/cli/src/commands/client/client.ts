import type { Command } from '../../command.ts'
import { ENDING_GROUP } from '../../options/ending-options.ts'
import { SUBSCRIBER_GROUPS } from '../../options/subscriber-options.ts'

/** `zcast client`: prints numbers. */
export const client: Command = {
  usage: 'client [which]',
  positionals: {
    which: {
      describe: 'positions of each array to print: 1 or even, 2 or odd, 3 or all',
      words: ['1', '2', '3', 'even', 'odd', 'all'],
    },
  },
  groups: [...SUBSCRIBER_GROUPS, ENDING_GROUP],
  examples: [
    ['zcast client 1', 'positions 0, 2, 4 of each array'],
    ['zcast client 3 --json --messages 10', 'ten arrays for a program'],
    ['zcast client all --connect tcp://192.168.1.20:5556', 'from another machine'],
  ],
  plan: async (args) => (await import('./plan-client.ts')).planClient(args),
}
