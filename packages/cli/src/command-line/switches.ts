import type { OptionSpecs } from '../options/option-spec.ts'
import { readSwitch } from '../options/reading/environment.ts'

/**
 * Rewrites the values of switches on a command line for the parser, which takes everything but `true` for false:
 * `--json=yes` becomes `--json=true`.
 *
 * @throws {@link UsageError} when a switch is neither true nor false.
 */
export function spellSwitches(argv: readonly string[], options: OptionSpecs): string[] {
  const end = argv.indexOf('--')
  return argv.map((text, index) => {
    const [, dashes, name, value] = /^(--?)([^=]+)=(.*)$/s.exec(text) ?? []
    if (name === undefined || value === undefined || (end >= 0 && index > end)) return text
    const [known] =
      Object.entries(options).find(
        ([option, { type, alias }]) => type === 'boolean' && name === (dashes === '-' ? alias : option),
      ) ?? []
    return known === undefined ? text : `${dashes}${name}=${readSwitch(value, known)}`
  })
}
