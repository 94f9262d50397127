import type { Command } from '../../command.ts'
import { ENDING_GROUP } from '../../options/ending-options.ts'
import { subscriberGroups } from '../../options/sockets/subscriber-options.ts'

/** `zcast listener`: plays, shows or saves sound. */
export const listener: Command = {
  usage: 'listener <number>',
  positionals: { number: { describe: '1 to 999: what it is called in the log', words: ['1', '2'] } },
  groups: [
    {
      subject: 'Sound',
      options: {
        show: {
          type: 'string',
          value: 'WHERE',
          choices: ['speakers', 'level', 'none'],
          describe:
            'play it on the speakers, show how loud it is, or neither [default: speakers; none with --json]',
        },
        save: {
          type: 'string',
          value: 'FILE',
          describe: 'save it to this .wav file, which must not exist yet; what is missing is silence',
        },
      },
    },
    ...subscriberGroups('audio'),
    ENDING_GROUP,
  ],
  examples: [
    ['zcast listener 1', 'the sound on the speakers; needs ffplay'],
    ['zcast listener 1 --show level', 'how loud it is'],
    ['zcast listener 1 --show none --save tone.wav --for 10s', 'ten seconds to a file'],
    ['zcast listener 1 --topic voice/main', 'what people say in a room'],
    ['zcast listener 1 --json', 'levels and counts for a program, once a second'],
  ],
  plan: async (args) => (await import('./plan-listener.ts')).planListener(args),
}
