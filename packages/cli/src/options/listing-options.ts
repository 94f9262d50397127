import type { OptionGroup } from './option-spec.ts'

/** The meaning of `quiet` for commands that print their result and end. */
export const LISTING_GROUP: OptionGroup = {
  subject: 'Output',
  options: {
    quiet: { type: 'boolean', alias: 'q', describe: 'print only what was asked for, without remarks' },
  },
}
