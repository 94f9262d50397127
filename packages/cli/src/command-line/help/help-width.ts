const NARROWEST = 60
const WIDEST = 100
/** The width for a pipe or a file. */
const USUAL = 80

/**
 * The number of columns for help: those in `COLUMNS`, otherwise those of the terminal, otherwise 80; from 60 to 100.
 *
 * @param terminalColumns - `undefined` when the output is not a terminal.
 */
export function helpWidth(environment: NodeJS.ProcessEnv, terminalColumns: number | undefined): number {
  const named = Number(environment['COLUMNS'])
  const columns = Number.isInteger(named) && named > 0 ? named : terminalColumns || USUAL
  return Math.min(WIDEST, Math.max(NARROWEST, columns))
}
