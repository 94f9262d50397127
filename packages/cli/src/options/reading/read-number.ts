import { OptionError } from '@zcast/shared'
import type { Arguments } from './arguments.ts'

/**
 * Reads the number that tells a viewer or a listener from others, 1 to `most`.
 *
 * @throws {@link OptionError} when it is missing or is none.
 */
export function readNumber(args: Arguments, command: string, most: number): number {
  const named = args.text('number')
  if (named !== undefined && !Number.isNaN(Number(named)))
    return args.integer('number', { least: 1, most }) as number
  const got = named === undefined ? '' : `, got "${named}"`
  throw new OptionError(`name a ${command} by its number, such as "${command} 1"${got}`)
}
