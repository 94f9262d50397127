import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PROJECT } from './zcast.ts'

/** The code blocks of a page in one language, in their order. @param page - Relative to the project. */
export function snippetsOf(page: string, language: string): string[] {
  const text = readFileSync(join(PROJECT, page), 'utf8')
  const snippets = text.matchAll(/^```(\w*)\n(.*?)^```$/gms)
  return [...snippets].filter(([, of]) => of === language).map(([, , code = '']) => code)
}
