import { OptionError } from '@zcast/shared'

/** How the old voice programs record and play: 16-bit samples, little-endian, the channels in turn, in chunks. */
export interface EchoFormat {
  /** Samples a second, 1000 to 192,000. Default 44,100. */
  readonly rate?: number | undefined
  /** 1 to 8. Default 2. */
  readonly channels?: number | undefined
  /** Samples of each channel in a chunk, 16 to 65,536. Default 1024. */
  readonly chunk?: number | undefined
}

/** Completes and checks a format. @throws {@link OptionError} when something is out of range. */
export function checkEchoFormat({ rate = 44_100, channels = 2, chunk = 1024 }: EchoFormat): Required<{
  [K in keyof EchoFormat]: number
}> {
  check('rate', rate, 1000, 192_000)
  check('channels', channels, 1, 8)
  check('chunk', chunk, 16, 65_536)
  return { rate, channels, chunk }
}

function check(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return
  throw new OptionError(`echo ${name} must be a whole number from ${least} to ${most}, got ${value}`)
}
