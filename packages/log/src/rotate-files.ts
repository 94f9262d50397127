import { renameSync, unlinkSync } from 'node:fs'
import { listLogIndexes, logFilePath } from './log-files.ts'

/**
 * Moves every file of the log one number up and drops those that are too many. Only under the lock.
 *
 * A rotation that was killed half-way left a gap in the numbers. It is filled, not moved on: nothing is dropped for it.
 *
 * @param maxFiles - How many files the log may consist of, the one being written included.
 */
export function rotateFiles(directory: string, maxFiles: number): void {
  const indexes = new Set(listLogIndexes(directory))
  for (const index of indexes) {
    if (index >= maxFiles) unlinkSync(logFilePath(directory, index))
  }
  if (maxFiles === 1) {
    unlinkSync(logFilePath(directory))
    return
  }
  let free = 1
  while (free < maxFiles - 1 && indexes.has(free)) free++
  for (let index = free; index > 0; index--) {
    renameSync(logFilePath(directory, index - 1), logFilePath(directory, index))
  }
}
