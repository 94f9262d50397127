import type { ValueSpec } from '../option-spec.ts'

/**
 * An option that names a port.
 *
 * @param what - What listens on it, for help: `the numbers`.
 * @param usual - The one that is used without the option.
 */
export function portOption(what: string, usual: string | number): ValueSpec {
  return { type: 'string', value: 'N', describe: `port of ${what} [default: ${usual}]` }
}
