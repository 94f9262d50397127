import { renameSync, unlinkSync } from 'node:fs'
import { listLogIndexes, logFilePath } from './log-files.ts'

/**
 * Renames every file of the log to the next number and deletes those beyond the limit. Call it only while holding the
 * lock.
 *
 * A rotation that was killed halfway left a gap in the numbers. The gap is filled first, so nothing is deleted for it.
 *
 * @param maxFiles - The number of files in the log, including the one being written.
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
