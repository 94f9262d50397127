import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * The behaviour of a stand-in for ffplay:
 *
 * - `play` reads until its input ends, then exits with 0, as after `-autoexit`
 * - `close` exits with 0 once it has read a picture, as when a person closes the window
 * - `fail` says why and exits with 1
 * - `hang` reads nothing and ignores SIGTERM
 */
export type FfplayBehaviour = 'play' | 'close' | 'fail' | 'hang'

/** The record that a stand-in for ffplay kept. */
export interface FfplayNotes {
  readonly arguments: readonly string[]
  readonly input: Buffer
}

const BODIES: Readonly<Record<FfplayBehaviour, string>> = {
  play: `process.stdin.on('data', (bytes) => appendFileSync(input, bytes))`,
  close: `process.stdin.once('data', () => process.exit(0))`,
  fail: `console.error('Could not initialize SDL - no such display'); process.exitCode = 1`,
  hang: `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)`,
}

/** Puts a program called ffplay into a folder. @returns The folder as a search path. */
export async function fakeFfplay(folder: string, behaviour: FfplayBehaviour): Promise<string> {
  const program = `#!${process.execPath}
const { appendFileSync, writeFileSync } = require('node:fs')
const input = ${JSON.stringify(join(folder, 'input'))}
writeFileSync(input, '')
writeFileSync(${JSON.stringify(join(folder, 'arguments'))}, JSON.stringify(process.argv.slice(2)))
${BODIES[behaviour]}
`
  await writeFile(join(folder, 'ffplay'), program)
  await chmod(join(folder, 'ffplay'), 0o755)
  return folder
}

/** Reads the record of the stand-in. */
export async function ffplayNotes(folder: string): Promise<FfplayNotes> {
  const text = await readFile(join(folder, 'arguments'), 'utf8')
  return { arguments: JSON.parse(text) as string[], input: await readFile(join(folder, 'input')) }
}
