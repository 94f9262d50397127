import type { OptionSpecs } from '../options/option-spec.ts'
import type { Origins, Settings } from '../options/reading/settings.ts'

/** Kubernetes puts the addresses of its services into the environment of every container, named after the service. */
const SERVICE_ADDRESS = /^(tcp|udp):\/\/[\d.]+:\d+$/

/** The options given as flags on a command line. */
export function flagOrigins(argv: readonly string[], options: OptionSpecs): Origins {
  const end = argv.indexOf('--')
  const flags = end < 0 ? argv : argv.slice(0, end)
  const given = Object.entries(options).filter(([name, { alias }]) =>
    flags.some((text) => isFlag(text, name) || (alias !== undefined && isShortFlag(text, alias))),
  )
  return Object.fromEntries(given.map(([name]) => [name, `--${name}`]))
}

/**
 * Adds the origin of an option's value to a sentence about the option; a sentence about none of the given options is
 * unchanged.
 *
 * @param values - The given values, by option.
 */
export function withOrigin(sentence: string, values: Settings, origins: Origins): string {
  const given = Object.keys(origins)
  const culprit =
    given.find((name) => sentence.startsWith(`${name} `)) ??
    given.find((name) => texts(values[name]).some((text) => sentence.includes(`"${text}"`))) ??
    given.find((name) => texts(values[name]).some((text) => text.length > 2 && sentence.includes(text)))
  if (culprit === undefined) return sentence
  const origin = origins[culprit] as string
  const isService =
    origin.startsWith('ZCAST_') && texts(values[culprit]).some((text) => SERVICE_ADDRESS.test(text))
  const hint = isService
    ? `, which Kubernetes sets for a service named zcast: give --${culprit}, or set enableServiceLinks to false`
    : ''
  return `${sentence} (from ${origin}${hint})`
}

function isFlag(text: string, name: string): boolean {
  return text === `--${name}` || text.startsWith(`--${name}=`)
}

function isShortFlag(text: string, alias: string): boolean {
  return text.startsWith(`-${alias}`)
}

function texts(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value])
    .filter((item) => typeof item === 'string' || typeof item === 'number')
    .map(String)
}
