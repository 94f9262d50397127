import { OptionError } from '@zcast/shared'

/** @throws {@link OptionError} `ERR_OPTION` when a speed is not above 0. */
export function checkSpeed(speed: number): number {
  if (speed > 0) return speed
  throw new OptionError(`speed must be above 0, got ${speed}`)
}
