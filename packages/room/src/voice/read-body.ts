import type { IncomingMessage } from 'node:http'
import { HttpRefusal } from '@zcast/web/internal'
import { GrowingBytes } from './growing-bytes.ts'

/** A body that brings nothing for this long is given up, in milliseconds. */
const SILENT_MS = 10_000

/**
 * Reads a body whole.
 *
 * @param maxBytes - A larger one is refused as soon as that is seen.
 * @throws {@link HttpRefusal} 413 when it is larger, 408 when it stops midway, 400 when its sender has gone.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const announced = Number(request.headers['content-length'] ?? 0)
  if (announced > maxBytes) throw tooLarge(maxBytes)
  return new Promise((resolve, reject) => {
    const body = new GrowingBytes()
    const fail = (refusal: HttpRefusal): void => {
      clearTimeout(timer)
      request.off('data', take)
      reject(refusal)
    }
    const take = (chunk: Buffer): void => {
      timer.refresh()
      if (body.length + chunk.length > maxBytes) return fail(tooLarge(maxBytes))
      body.add(chunk)
    }
    const timer = setTimeout(() => fail(new HttpRefusal(408, 'the recording stopped midway')), SILENT_MS)
    request.on('data', take)
    request.once('end', () => {
      clearTimeout(timer)
      resolve(body.take())
    })
    request.once('close', () => fail(new HttpRefusal(400, 'the recording did not come whole')))
  })
}

function tooLarge(maxBytes: number): HttpRefusal {
  return new HttpRefusal(
    413,
    `the recording is larger than ${Math.round(maxBytes / 1024 / 1024)} MiB; send a shorter one`,
  )
}
