import { OptionError } from './errors.ts'

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 }

/**
 * Parses a size: `500M`, `1.5G`, `64K` (powers of 1024), or plain bytes.
 *
 * @returns Bytes, a whole number from 1 to 2^53 - 1.
 * @throws {@link OptionError} `ERR_OPTION` for anything else.
 */
export function parseByteSize(text: string, name: string): number {
  const match = /^(\d+(?:\.\d+)?)([KMGT]?)(?:i?B)?$/i.exec(text)
  const bytes = match
    ? Math.round(Number(match[1]) * (UNITS[match[2]?.toUpperCase() ?? ''] ?? 1))
    : Number.NaN
  if (bytes >= 1 && Number.isSafeInteger(bytes)) return bytes
  throw new OptionError(`${name} must be a size such as 500M or 2G, got "${text}"`)
}
