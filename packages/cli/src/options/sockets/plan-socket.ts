import type { Arguments } from '../reading/arguments.ts'

/** {@link SOCKET_OPTIONS}, read and checked; `undefined` where the default applies. */
export interface SocketPlan {
  readonly heartbeatMs: number | undefined
  readonly maxMessageBytes: number | undefined
}

/** Reads the options. @throws {@link OptionError} when one is out of range. */
export function planSocket(args: Arguments): SocketPlan {
  return {
    heartbeatMs: args.duration('heartbeat', { least: '100ms', most: '10m' }),
    maxMessageBytes: args.byteSize('max-message-size', { least: '1K', most: '1G' }),
  }
}
