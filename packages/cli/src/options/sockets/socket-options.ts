import { NATS_OPTIONS } from './nats-options.ts'
import type { OptionSpecs } from '../option-spec.ts'

/** Options of every command that opens a socket. */
export const SOCKET_OPTIONS: OptionSpecs = {
  ...NATS_OPTIONS,
  heartbeat: {
    type: 'string',
    value: 'TIME',
    describe: 'cut off a peer that stays silent for this long, 100ms to 10m [default: 5s]',
  },
  'max-message-size': {
    type: 'string',
    value: 'SIZE',
    describe: 'largest message to accept, 1K to 1G; a peer that sends a larger one is cut off [default: 16M]',
  },
}
