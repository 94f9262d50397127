import { readFileSync } from 'node:fs'
import { listLogIndexes, logFilePath } from '../../src/log-files.ts'

/**
 * All lines of the log, oldest first, without the empty ones: a writer that the system held up for long in the middle
 * of its line is taken for dead, and then its line is ended twice.
 */
export function readAllLines(directory: string): string[] {
  const indexes = listLogIndexes(directory).sort((a, b) => b - a)
  return indexes.flatMap((index) =>
    readFileSync(logFilePath(directory, index), 'utf8').split('\n').slice(0, -1).filter(Boolean),
  )
}
