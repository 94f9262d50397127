import type { Exchange } from '@zcast/web/internal'

/** How long a body that nobody wants is still taken, in milliseconds. */
const LINGER_MS = 2000

/**
 * Refuses a request whose body was not read. Its connection ends a little later: one that is closed while a body still
 * comes is reset, and the client would not see the answer.
 */
export async function answerUnread(
  { request, response, headOnly }: Exchange,
  status: number,
  reason: string,
): Promise<void> {
  const text = Buffer.from(`${reason}\n`)
  response.shouldKeepAlive = false
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': text.byteLength,
  })
  if (headOnly || request.complete) return void response.end(headOnly ? undefined : text)
  response.write(text)
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, LINGER_MS)
    const end = (): void => {
      clearTimeout(timer)
      resolve()
    }
    request.once('end', end).once('close', end)
    request.on('error', end)
    request.resume()
  })
  response.end()
}
