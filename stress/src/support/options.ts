import { parseArgs } from 'node:util'
import { OptionError } from '@zcast/shared'

/**
 * Reads the options of a program: each takes a text.
 *
 * @throws {@link OptionError} when there is one that is not known, or something else.
 */
export function readOptions<Name extends string>(
  names: readonly Name[],
): Readonly<Partial<Record<Name, string>>> {
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]))
  try {
    return parseArgs({ options, strict: true }).values as Partial<Record<Name, string>>
  } catch (error) {
    throw new OptionError(
      `${(error as Error).message} (known: ${names.map((name) => `--${name}`).join(', ')})`,
    )
  }
}
