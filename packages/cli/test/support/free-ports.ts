import { createServer } from 'node:net'

// Below the ports that systems give to outgoing connections (32768 on Linux, 49152 elsewhere): one of those could be
// taken between being found free and being listened on.
const FIRST = 12_000
const LAST = 31_900

/** A port on 127.0.0.1 that nobody listens on, and `count - 1` free ones right above it. */
export async function freePort(count = 1): Promise<number> {
  for (;;) {
    const first = FIRST + Math.floor(Math.random() * (LAST - FIRST))
    const ports = Array.from({ length: count }, (_, index) => first + index)
    const free = await Promise.all(ports.map(isFree))
    if (free.every(Boolean)) return first
  }
}

/** An endpoint on a free port. */
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
