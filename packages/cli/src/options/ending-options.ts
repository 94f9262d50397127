import type { OptionGroup, OptionSpec } from './option-spec.ts'

/** Ends a command by itself, with exit status 0. */
export const FOR_OPTION: OptionSpec = {
  type: 'string',
  value: 'TIME',
  describe: 'stop after this long, counted from when the command is ready: 250ms, 10s, 2m, 1h',
}

/** Options that end a command of a stream by themselves, with exit status 0. */
export const ENDING_GROUP: OptionGroup = {
  subject: 'Ending',
  options: {
    for: FOR_OPTION,
    messages: { type: 'string', value: 'N', describe: 'stop after this many values' },
  },
}
