import type { OptionSpecs } from './option-spec.ts'

/** Where what sends numbers and pictures listens. */
export const LISTEN_OPTIONS: OptionSpecs = {
  host: {
    type: 'string',
    value: 'ADDRESS',
    describe: 'address to listen on; 0.0.0.0 opens it to the network [default: 127.0.0.1]',
  },
  'numbers-port': { type: 'string', value: 'N', describe: 'port of the numbers [default: 5556]' },
  'video-port': { type: 'string', value: 'N', describe: 'port of the video [default: 5557]' },
}
