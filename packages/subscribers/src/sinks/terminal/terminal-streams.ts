/** The part of a terminal's output that a sink needs; `process.stdout` has it. */
export interface TerminalOutput {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
  readonly rows?: number | undefined
  /** The descriptor for restoring it synchronously, when the process ends at once. */
  readonly fd?: number | undefined
  write(chunk: string | Uint8Array, callback?: (error?: Error | null) => void): boolean
  on(event: 'resize' | 'error', listener: (error: unknown) => void): unknown
  off(event: 'resize' | 'error', listener: (error: unknown) => void): unknown
}

/** The part of a keyboard's input that a sink needs; `process.stdin` has it. */
export interface TerminalInput {
  readonly isTTY?: boolean | undefined
  readonly isRaw?: boolean | undefined
  setRawMode?(raw: boolean): unknown
  resume(): unknown
  pause(): unknown
  on(event: 'data' | 'end' | 'error', listener: (data: unknown) => void): unknown
  off(event: 'data' | 'end' | 'error', listener: (data: unknown) => void): unknown
}

/** A terminal's usual size, for one that does not report its own. */
const USUAL_SIZE = { columns: 80, rows: 24 } as const

/** The size of a terminal in cells; at least 1 by 1. A size of 0, as on a serial line, counts as the usual one. */
export function sizeOf(output: TerminalOutput): { columns: number; rows: number } {
  return { columns: output.columns || USUAL_SIZE.columns, rows: output.rows || USUAL_SIZE.rows }
}

/**
 * Lets writes wait in the background. Node makes terminals blocking, and a terminal that does not read (a stalled ssh)
 * would stop the whole process: no signal, no socket, no other sink. The setter is not documented by Node; where it is
 * missing, writes block as before.
 */
export function setBlocking(output: TerminalOutput, blocking: boolean): void {
  const { _handle: handle } = output as { _handle?: { setBlocking?: (blocking: boolean) => unknown } | null }
  handle?.setBlocking?.(blocking)
}
