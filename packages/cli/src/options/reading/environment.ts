import type { OptionSpec, OptionSpecs } from '../option-spec.ts'
import { UsageError, type Settings } from './settings.ts'

/** Set for a process that another one supervises: only the supervisor decides when it ends. */
export const SUPERVISED = 'ZCAST_SUPERVISED'

/** Options that would end a process, or change its purpose. */
const OWN_ENDINGS = new Set(['for', 'messages', 'snapshot', 'json'])

/** The settings without those that a supervised process ignores, if this is one. */
export function withoutOwnEndings(settings: Settings, environment: NodeJS.ProcessEnv): Settings {
  if (environment[SUPERVISED] === undefined) return settings
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !OWN_ENDINGS.has(name)))
}

/** The variable that sets an option: `log-dir` is `ZCAST_LOG_DIR`. */
export function environmentName(option: string): string {
  return `ZCAST_${option.toUpperCase().replaceAll('-', '_')}`
}

/**
 * Reads a command's options from the environment. Variables that name no option are ignored: they may be meant for
 * another command.
 *
 * @throws {@link UsageError} when a switch is neither true nor false.
 */
export function readEnvironment(options: OptionSpecs, environment: NodeJS.ProcessEnv): Settings {
  const settings: Record<string, unknown> = {}
  for (const [name, spec] of Object.entries(options)) {
    const variable = environmentName(name)
    const value = environment[variable]
    if (value !== undefined) settings[name] = readText(value, spec, variable)
  }
  return settings
}

function readText(value: string, spec: OptionSpec, variable: string): unknown {
  if (spec.type === 'list') return readList(value) ?? value.split(',').filter((item) => item !== '')
  if (spec.type === 'string') return value
  return readSwitch(value, variable)
}

/** Parses a list in JSON, for items that contain a comma. */
function readList(value: string): string[] | undefined {
  if (!value.startsWith('[')) return undefined
  try {
    const items: unknown = JSON.parse(value)
    return Array.isArray(items) && items.every((item) => typeof item === 'string') ? items : undefined
  } catch {
    // An IPv6 address begins like this too.
    return undefined
  }
}

/** Reads a switch. @throws {@link UsageError} when it is neither true nor false. */
export function readSwitch(value: string, name: string): boolean {
  if (/^(true|1|yes|on)$/i.test(value)) return true
  if (/^(false|0|no|off|)$/i.test(value)) return false
  throw new UsageError(`${name} must be true or false, got "${value}"`)
}
