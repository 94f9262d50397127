import { fstatSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Writable } from 'node:stream'
import { SinkError } from '@zcast/shared'
import { describeSystemError, systemErrorCode } from '@zcast/shared/internal'

/** The errors of a pipe whose reader has gone. */
const READER_GONE = new Set<string | undefined>(['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED'])

/**
 * Standard output that never blocks the process.
 *
 * Node writes to pipes synchronously: a reader that stops reading (a pager) would stop this whole process, signals
 * included. As a socket, the pipe has backpressure instead. Files and terminals are used unchanged.
 *
 * @param onEnd - Called when nothing more can be written: without an error when nobody reads any more, as after
 *   `| head -1`; otherwise with the reason, such as a full disk.
 */
export function openStandardOutput(onEnd: (error?: SinkError) => void): Writable {
  const output = isPipe() ? new Socket({ fd: 1, readable: false, writable: true }) : process.stdout
  // Without a listener the error would end the process.
  output.on('error', (error) => {
    if (isReaderGone(systemErrorCode(error))) onEnd()
    else
      onEnd(new SinkError(`cannot write to standard output: ${describeSystemError(error)}`, { cause: error }))
  })
  return output
}

function isReaderGone(code: string | undefined): boolean {
  // On a terminal it means that its window was closed; on a file, that the disk is broken.
  return READER_GONE.has(code) || (code === 'EIO' && process.stdout.isTTY)
}

/** The time for which a reader that has stopped reading may delay the end of the process. */
const STOPPED_READER_MS = 1000

/** Waits until everything written has been read, or the reader has gone; only briefly once the signal has aborted. */
export async function flushOutput(output: Writable, signal: AbortSignal): Promise<void> {
  if (output.writableLength === 0 || output.destroyed) return
  await new Promise<void>((resolve) => {
    output.write('', () => resolve())
    output.once('close', resolve)
    // Unread output would keep the process running.
    const hurry = (): void => void setTimeout(() => output.destroy(), STOPPED_READER_MS).unref()
    if (signal.aborted) hurry()
    else signal.addEventListener('abort', hurry, { once: true })
  })
}

function isPipe(): boolean {
  const status = fstatSync(1)
  return process.platform !== 'win32' && (status.isFIFO() || status.isSocket())
}
