import type { OptionGroup } from './option-spec.ts'

/** What `quiet` is for commands that print what was asked for and end. */
export const LISTING_GROUP: OptionGroup = {
  subject: 'Output',
  options: {
    quiet: { type: 'boolean', alias: 'q', describe: 'print only what was asked for, without remarks' },
  },
}
