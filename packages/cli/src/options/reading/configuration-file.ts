import { readFileSync } from 'node:fs'
import type { OptionSpec, OptionSpecs } from '../option-spec.ts'
import { didYouMean } from './suggestion.ts'
import { UsageError, type Origins, type Settings } from './settings.ts'

/**
 * Reads a command's options from the configuration file: one JSON object with the common options, and an object for
 * each command.
 *
 * @param commands - The names of all commands, which the file may mention too.
 * @throws {@link UsageError} when the file cannot be read, is not JSON, or has an unknown name or a wrong type.
 */
export function readConfiguration(
  path: string,
  command: string,
  options: OptionSpecs,
  common: OptionSpecs,
  commands: readonly string[],
): { readonly settings: Settings; readonly origins: Origins } {
  const file = parseObject(path)
  const settings: Record<string, unknown> = {}
  const origins: Record<string, string> = {}
  for (const [name, value] of Object.entries(file)) {
    refuseNesting(path, name)
    const spec = Object.hasOwn(common, name) ? common[name] : undefined
    if (spec) {
      settings[name] = checkValue(path, name, value, spec)
      origins[name] = `"${name}" in ${path}`
    } else if (!commands.includes(name))
      throw new UsageError(
        `the configuration file ${path} has an unknown option "${name}"${didYouMean(name, [...Object.keys(common), ...commands])}`,
      )
  }
  const group = file[command] ?? {}
  if (!isObject(group))
    throw new UsageError(`"${command}" in the configuration file ${path} must be an object of options`)
  for (const [name, value] of Object.entries(group)) {
    refuseNesting(path, name)
    const spec = Object.hasOwn(options, name) ? options[name] : undefined
    if (!spec) {
      throw new UsageError(
        `the configuration file ${path} has an unknown option "${name}" for ${command}${didYouMean(name, Object.keys(options))}`,
      )
    }
    settings[name] = checkValue(path, `${command}.${name}`, value, spec)
    origins[name] = `"${command}.${name}" in ${path}`
  }
  return { settings, origins }
}

function refuseNesting(path: string, name: string): void {
  if (name !== 'config') return
  throw new UsageError(
    `the configuration file ${path} names another one with "config": put everything into one file`,
  )
}

function parseObject(path: string): Record<string, unknown> {
  let parsed: unknown
  try {
    parsed = JSON.parse(decodeText(readFileSync(path)))
  } catch (error) {
    const reason = error instanceof SyntaxError ? describeSyntax(error) : describe(error)
    throw new UsageError(`cannot use the configuration file ${path}: ${reason}`)
  }
  if (!isObject(parsed))
    throw new UsageError(`cannot use the configuration file ${path}: it must hold one JSON object`)
  return parsed
}

/** @throws {@link UsageError} for a text that is not UTF-8, such as one that Windows saved as "Unicode". */
function decodeText(bytes: Buffer): string {
  // UTF-16 without its mark is also valid UTF-8, full of zeros.
  try {
    if (bytes.includes(0)) throw new TypeError('a zero byte')
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new UsageError('it is not in UTF-8: save it in that encoding')
  }
}

/** Does not use the parser's own words, which quote the file: it may hold a password. */
function describeSyntax({ message }: SyntaxError): string {
  const place = /\bline \d+ column \d+/.exec(message)?.[0] ?? /\bposition \d+/.exec(message)?.[0]
  const token = /^Unexpected token (.|'.')/u.exec(message)?.[1]?.replaceAll("'", '')
  const what =
    token === undefined ? 'it is not JSON' : `it is not JSON: ${JSON.stringify(token)} is unexpected`
  return place === undefined ? what : `${what} at ${place}`
}

function checkValue(path: string, name: string, value: unknown, spec: OptionSpec): unknown {
  if (spec.type === 'boolean' && typeof value === 'boolean') return value
  if (spec.type === 'string' && (typeof value === 'string' || typeof value === 'number')) return String(value)
  if (spec.type === 'list' && typeof value === 'string') return [value]
  if (spec.type === 'list' && Array.isArray(value) && value.every((item) => typeof item === 'string'))
    return value
  const expected = { boolean: 'true or false', string: 'text or a number', list: 'text or a list of texts' }[
    spec.type
  ]
  throw new UsageError(`"${name}" in the configuration file ${path} must be ${expected}`)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function describe(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'EISDIR') return 'it is a folder'
  return (error as Error).message
}
