import type { IncomingMessage } from 'node:http'
import { open } from 'node:fs/promises'

/** What a body may bring, and how fast it has to. */
export interface BodyLimits {
  /** Where it begins in the file. */
  readonly offset: number
  /** The size of the whole file. */
  readonly bytes: number
  /** It is cut off when it brings less than `leastBytes` in this time, in milliseconds. */
  readonly paceMs: number
  readonly leastBytes: number
}

/**
 * Writes a request's body into a file as it comes. What has come stays, however the body ends.
 *
 * @returns `whole` where the body ended; `longer` where it brought more than the file may have.
 * @throws When the file cannot be written, or the request ends before its body.
 */
export async function receiveBody(
  request: IncomingMessage,
  path: string,
  { offset, bytes, paceMs, leastBytes }: BodyLimits,
): Promise<'whole' | 'longer'> {
  const file = await open(path, 'r+')
  let place = offset
  let placeBefore = offset
  const pace = setInterval(() => {
    // Its last bytes may be fewer.
    if (place - placeBefore < leastBytes && place < bytes) request.destroy()
    placeBefore = place
  }, paceMs)
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      if (place + chunk.length > bytes) return 'longer'
      for (let written = 0; written < chunk.length;) {
        const { bytesWritten } = await file.write(chunk, written, chunk.length - written, place + written)
        written += bytesWritten
      }
      place += chunk.length
    }
    if (!request.complete) throw new Error('the connection was lost')
    // What is told to have arrived is there after the power fails.
    if (place === bytes) await file.sync()
    return 'whole'
  } finally {
    clearInterval(pace)
    await file.close()
  }
}
