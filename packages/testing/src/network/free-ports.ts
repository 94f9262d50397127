import { createServer } from 'node:net'

// Below the ports that systems give to outgoing connections and to whoever asks for any (32768 on Linux, 49152
// elsewhere): one of those could be taken by another test between being found free and being listened on.
const FIRST = 12_000
const LAST = 31_999

/** How many workers of one run have ports of their own. */
const WORKERS = 10
const EACH = Math.floor((LAST - FIRST + 1) / WORKERS)

/**
 * A port on 127.0.0.1 that nobody listens on, and `count - 1` free ones right above it. No test that runs beside this one
 * gets them.
 */
export async function freePort(count = 1): Promise<number> {
  const worker = Number(process.env['JEST_WORKER_ID'] ?? 1) % WORKERS
  for (;;) {
    const first = FIRST + worker * EACH + Math.floor(Math.random() * (EACH - count))
    const ports = Array.from({ length: count }, (_, index) => first + index)
    const free = await Promise.all(ports.map(isFree))
    if (free.every(Boolean)) return first
  }
}

/** An endpoint on a free port: nobody listens there until the test does. */
export async function freeEndpoint(): Promise<string> {
  return `tcp://127.0.0.1:${await freePort()}`
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.on('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1' }, () => server.close(() => resolve(true)))
  })
}
