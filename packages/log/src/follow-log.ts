import { DirectoryWatch } from '@zcast/shared/internal'
import { createLogFilter } from './log-filter.ts'
import { type ReadOptions, readTail } from './log-reader.ts'
import { LogTails } from './log-tails.ts'

/** Options of {@link followLog}: the lines it yields, and when it ends. */
export interface FollowOptions extends ReadOptions {
  /** The number of earlier lines that come first, with no gap between them and the new ones. Default 0. */
  readonly lines?: number | undefined
  /** Ends the iteration, without an error. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Yields the lines of the log as they are written, through rotations, each once and only when it is complete. The log
 * need not exist yet. Memory stays bounded when the consumer is slow: it then reads what is left from the files.
 *
 * @throws {@link StreamError} `ERR_LOG_DIRECTORY` when the log cannot be read.
 */
export async function* followLog(
  directory: string,
  options: FollowOptions = {},
): AsyncGenerator<string, void> {
  const { signal, ...read } = options
  const isOver = (): boolean => signal?.aborted === true
  const show = createLogFilter(read)
  const { lines, newest } = await readTail(directory, read)
  const tails = new LogTails(directory, newest)
  const changes = new DirectoryWatch(directory, signal)
  try {
    for (const line of lines) {
      if (isOver()) return
      yield line
    }
    while (!isOver()) {
      const change = changes.next()
      for await (const text of tails.read()) {
        if (isOver()) return
        const shown = show(text)
        if (shown !== undefined) yield shown
      }
      await change
    }
  } finally {
    changes.close()
    await tails.close()
  }
}
