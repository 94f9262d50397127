import { CodecError } from '@zcast/shared'

/** @throws {@link CodecError} `ERR_VALUE` when it is not a number of seconds. */
export function checkTime(time: number): number {
  if (Number.isFinite(time)) return time
  throw new CodecError('ERR_VALUE', `time must be seconds since the Unix epoch, got ${time}`)
}
