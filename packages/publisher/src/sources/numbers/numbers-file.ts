import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { describeSystemError, SourceError } from '@zcast/shared'
import { LineNumbersSource, type LineNumbersOptions } from './line-numbers-source.ts'

/**
 * Opens a file of numbers, which is played at the times of its rows; one row a second where they have none.
 *
 * @throws {@link SourceError} `ERR_SOURCE_UNREADABLE` when it cannot be read.
 *
 * @example
 * await publisher.run(await openNumbersFile('log.csv', { pace: { speed: 2 } }), { stream: 'log' })
 */
export async function openNumbersFile(
  path: string,
  options: LineNumbersOptions = {},
): Promise<LineNumbersSource> {
  await checkFile(path)
  return new LineNumbersSource(createReadStream(path), { ...options, pace: options.pace ?? {} })
}

async function checkFile(path: string): Promise<void> {
  let reason: string | undefined
  try {
    await using file = await open(path)
    const stat = await file.stat()
    if (stat.isDirectory()) reason = 'it is a folder'
  } catch (error) {
    reason = describeSystemError(error)
  }
  if (reason === undefined) return
  throw new SourceError('ERR_SOURCE_UNREADABLE', `cannot read "${path}": ${reason}`)
}
