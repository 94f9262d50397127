import { parseArgs } from 'node:util'

/** What is to be measured, and how. */
export interface CommandLine {
  readonly quick: boolean
  /** The file for every single figure. */
  readonly json: string | undefined
  /** The benchmarks that were chosen: all when none was named. */
  readonly chosen: readonly string[]
}

/**
 * Reads what `npm run bench` was called with.
 *
 * @param names - Of all benchmarks.
 * @returns A sentence when it is wrong; `undefined` when it asks for help.
 */
export function readCommandLine(names: readonly string[]): CommandLine | string | undefined {
  try {
    const { values, positionals } = parseArgs({
      options: { quick: { type: 'boolean' }, json: { type: 'string' }, help: { type: 'boolean' } },
      allowPositionals: true,
    })
    const { quick = false, json, help = false } = values
    if (help) return undefined
    const unknown = positionals.find((name) => !names.includes(name))
    if (unknown !== undefined) return `there is no benchmark "${unknown}": choose ${names.join(', ')}`
    return { quick, json, chosen: positionals.length === 0 ? names : positionals }
  } catch (error) {
    // Node goes on to explain itself at length.
    const [what] = (error as Error).message.split(/\.\s/)
    return `${what} (known: --quick, --json, --help)`
  }
}

/** What `--help` shows, line by line. */
export function describeUsage(names: readonly string[]): string[] {
  return [
    'Measures zcast beside other programs, where they are installed; all of it, not quick, writes docs/benchmarks.md.',
    '',
    'npm run bench -- [benchmark..] [options]',
    '',
    `  benchmark    ${names.join(', ')} [default: all]`,
    '  --quick      fewer and shorter runs, not to be quoted',
    '  --json FILE  write every single figure there',
    '  --help       show this',
    '',
    'Example: npm run bench -- numbers --quick',
  ]
}
