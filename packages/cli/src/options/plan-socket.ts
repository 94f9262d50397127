import { OptionError } from '@zcast/shared'
import { parseByteSize } from '@zcast/shared/internal'
import type { Arguments } from './arguments.ts'

/** {@link SOCKET_OPTIONS}, read and checked; `undefined` where the default applies. */
export interface SocketPlan {
  readonly heartbeatMs: number | undefined
  readonly maxMessageBytes: number | undefined
}

const HEARTBEAT_MS = { least: 100, most: 600_000 }
const MESSAGE_BYTES = { least: 1024, most: 2 ** 30 }

/** Reads the options. @throws {@link OptionError} when one is out of range. */
export function planSocket(args: Arguments): SocketPlan {
  const heartbeatMs = args.duration('heartbeat')
  if (heartbeatMs !== undefined && (heartbeatMs < HEARTBEAT_MS.least || heartbeatMs > HEARTBEAT_MS.most)) {
    throw new OptionError(`heartbeat must be 100ms to 10m, got "${args.text('heartbeat')}"`)
  }
  const size = args.text('max-message-size')
  const maxMessageBytes = size === undefined ? undefined : parseByteSize(size, 'max-message-size')
  if (
    maxMessageBytes !== undefined &&
    (maxMessageBytes < MESSAGE_BYTES.least || maxMessageBytes > MESSAGE_BYTES.most)
  ) {
    throw new OptionError(`max-message-size must be 1K to 1G, got "${size}"`)
  }
  return { heartbeatMs, maxMessageBytes }
}
