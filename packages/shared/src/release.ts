import { readFileSync } from 'node:fs'

let version: string | undefined

/** The version of zcast that runs here, such as `0.1.0`. */
export function zcastVersion(): string {
  version ??= (
    JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
  ).version
  return version
}
