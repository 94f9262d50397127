import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OptionError } from '@zcast/shared'
import { errorMessage } from '@zcast/shared/internal'
import { describeUsage, readOptions, type OptionsOf, type Usage } from './options.ts'

/** What a program works with. */
export interface ProgramContext<Called extends Usage> {
  readonly options: OptionsOf<Called>
  /** A folder of its own, removed at its end. */
  readonly folder: string
  /** Aborts when the program should end: after Ctrl-C. */
  readonly signal: AbortSignal
}

/** Writes a line for the person who looks on. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

/**
 * Runs a program: 0 when everything held or help was asked for, 1 with a sentence for each thing that did not, 2 when an
 * option is wrong.
 *
 * @param main - Resolves with the sentences.
 */
export async function runProgram<Called extends Usage>(
  usage: Called,
  main: (context: ProgramContext<Called>) => Promise<readonly string[]>,
): Promise<void> {
  const abort = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => abort.abort())
  const folder = await mkdtemp(join(tmpdir(), 'zcast-stress-'))
  try {
    const options = readOptions(usage)
    if (!options) {
      for (const line of describeUsage(usage)) print(line)
      return
    }
    const failures = await main({ options, folder, signal: abort.signal })
    for (const failure of failures) print(`FAILED: ${failure}`)
    if (failures.length === 0) print('passed')
    process.exitCode = failures.length > 0 ? 1 : 0
  } catch (error) {
    process.stderr.write(`${errorMessage(error)}\n`)
    process.exitCode = error instanceof OptionError ? 2 : 1
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
