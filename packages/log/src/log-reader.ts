import { createLogFilter, type LogFilter } from './log-filter.ts'
import { type OpenLogFile, openLogFiles } from './log-files.ts'
import { findEndOfLastLine, readLinesBackwards } from './read-backwards.ts'

/** The lines that {@link readLastLines} reads. */
export interface ReadOptions extends LogFilter {
  /** The largest number of lines, after filtering. Default 20; `Infinity` for all of them. */
  readonly lines?: number | undefined
}

/** The newest file of the log at the time its last lines were read. */
export interface NewestLogFile extends OpenLogFile {
  /** The offset after the last complete line. */
  readonly end: number
}

/**
 * Reads the last lines of the log, oldest first, from as many rotated files as needed; none when there is no log.
 *
 * @throws {@link StreamError} `ERR_LOG_DIRECTORY` when the log cannot be read.
 */
export async function readLastLines(directory: string, options: ReadOptions = {}): Promise<string[]> {
  const { lines, newest } = await readTail(directory, { lines: 20, ...options })
  await newest?.handle.close()
  return lines
}

/** Reads the last lines and leaves the newest file open, so that following continues exactly where they end. */
export async function readTail(
  directory: string,
  { lines: limit = 0, ...filter }: ReadOptions,
): Promise<{ lines: string[]; newest: NewestLogFile | undefined }> {
  const show = createLogFilter(filter)
  const lines: string[] = []
  let newest: NewestLogFile | undefined
  for await (const file of openLogFiles(directory)) {
    try {
      const end = await findEndOfLastLine(file.handle, file.size)
      newest ??= { ...file, end }
      // A file last written before that time holds nothing newer, and neither do the older files.
      if (filter.since && file.modified < BigInt(filter.since.getTime()) * 1_000_000n) break
      if (limit > lines.length) await collect(readLinesBackwards(file.handle, end), show, lines, limit)
      if (lines.length >= limit) break
    } catch (error) {
      if (newest?.handle === file.handle) newest = undefined
      else await newest?.handle.close()
      await file.handle.close()
      throw error
    } finally {
      if (newest?.handle !== file.handle) await file.handle.close()
    }
  }
  return { lines: lines.toReversed(), newest }
}

async function collect(
  source: AsyncIterable<string>,
  show: (text: string) => string | undefined,
  lines: string[],
  limit: number,
): Promise<void> {
  for await (const text of source) {
    const shown = show(text)
    if (shown !== undefined) lines.push(shown)
    if (lines.length >= limit) return
  }
}
