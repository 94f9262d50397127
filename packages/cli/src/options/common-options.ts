import type { OptionSpecs } from './option-spec.ts'

/** Options of every command. */
export const COMMON_OPTIONS: OptionSpecs = {
  config: { type: 'string', value: 'FILE', describe: 'JSON file with options, grouped by command' },
  'log-dir': {
    type: 'string',
    value: 'FOLDER',
    describe: 'folder of the error log, errors.log [default: logs]',
  },
  'log-size': {
    type: 'string',
    value: 'SIZE',
    describe: 'size at which errors.log is rotated, 1K or more [default: 1M]',
  },
  'log-files': {
    type: 'string',
    value: 'N',
    describe: 'number of log files to keep, 1 to 1000 [default: 5]',
  },
  'keys-dir': { type: 'string', value: 'FOLDER', describe: 'folder of the keys [default: keys]' },
  json: { type: 'boolean', describe: 'print JSON on standard output, for programs' },
  quiet: { type: 'boolean', alias: 'q', describe: 'print no values and no progress, only the summary' },
  verbose: { type: 'boolean', describe: 'say more about what happens, and print stack traces' },
}
