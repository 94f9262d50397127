import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** The files of an error log, in no order. */
export function listLogFiles(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => /^errors(\.\d+)?\.log$/.test(name))
    .map((name) => join(folder, name))
}
