import type { OptionSpecs } from './option-spec.ts'

/** Options of every command. */
export const COMMON_OPTIONS: OptionSpecs = {
  config: { type: 'string', describe: 'JSON file with options, grouped by command' },
  'log-dir': { type: 'string', describe: 'folder of errors.log [default: logs]' },
  'log-size': { type: 'string', describe: 'bytes at which errors.log is rotated [default: 1048576]' },
  'log-files': { type: 'string', describe: 'log files kept, 1 to 1000 [default: 5]' },
  'keys-dir': { type: 'string', describe: 'folder of the keys [default: keys]' },
  json: { type: 'boolean', describe: 'machine-readable lines on stdout' },
  quiet: { type: 'boolean', alias: 'q', describe: 'no values and no progress, only the summary' },
  verbose: { type: 'boolean', describe: 'more about what happens, and stack traces' },
}

/** Options that end a command by themselves, with exit status 0. */
export const ENDING_OPTIONS: OptionSpecs = {
  for: { type: 'string', describe: 'end after this long, counted from ready: 250ms, 10s, 2m, 1h' },
  messages: { type: 'string', describe: 'end after so many values' },
}

/** Options of every command that receives. */
export const SUBSCRIBER_OPTIONS: OptionSpecs = {
  connect: { type: 'list', describe: 'endpoint of a publisher; may be repeated' },
  bind: { type: 'string', describe: 'listen here instead, for publishers that connect' },
  topic: {
    type: 'string',
    describe:
      'KIND/STREAM to receive, or KIND/ for all of a kind [default: numbers/random, video/main; video/ with --bind]',
  },
  delivery: {
    type: 'string',
    describe:
      'what is kept when values come faster than they are taken: latest, queue:N or all [default: all numbers, latest pictures]',
  },
  'max-memory': {
    type: 'string',
    describe: 'the memory that delivery all may use before it fails, 1M or more [default: 256M]',
  },
}
