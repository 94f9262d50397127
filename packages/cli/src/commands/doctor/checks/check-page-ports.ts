import { createServer } from 'node:net'
import { systemErrorCode } from '@zcast/shared/internal'
import { PAGE_PORT, ROOM_PORT } from '../../../options/pages/page-ports.ts'
import { type Finding, fine, warning } from '../finding.ts'
import { findListeners, formatListener } from '../machine/find-listener.ts'

/** A page and its port. */
export interface PagePort {
  readonly port: number
  /** What wants it: `zcast viewer 1`. */
  readonly command: string
}

/** The ports of the pages that people open first. */
const PAGE_PORTS: readonly PagePort[] = [
  { port: PAGE_PORT, command: 'zcast dashboard' },
  { port: PAGE_PORT + 1, command: 'zcast viewer 1' },
  { port: PAGE_PORT + 2, command: 'zcast viewer 2' },
  { port: ROOM_PORT, command: 'zcast room' },
]

/** Checks whether other programs have taken the ports of pages. */
export async function* checkPagePorts(
  pages: readonly PagePort[] = PAGE_PORTS,
): AsyncGenerator<Finding, void> {
  const taken: PagePort[] = []
  for (const page of pages) if (!(await isFree(page.port))) taken.push(page)
  const listeners = await findListeners(({ localPort }) => taken.some(({ port }) => port === localPort))
  const free = pages.length - taken.length
  let own = 0
  for (const { port, command } of taken) {
    const listener = listeners.find((one) => one.port === port)
    const owner = formatListener(listener) || 'another program'
    if (listener?.owner?.name.startsWith('zcast')) {
      own += 1
      continue
    }
    yield warning(
      'port-taken',
      `port ${port} is taken by ${owner}`,
      `give "${command}" another one with --port, or end that program`,
      { port, owner },
    )
  }
  if (free + own === pages.length)
    yield fine(
      'ports',
      `the ports of pages (${pages.map(({ port }) => port).join(', ')}) are free${own > 0 ? `, or ${own} of them zcast's own` : ''}`,
      { free, own },
    )
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.on('error', (error) => resolve(systemErrorCode(error) !== 'EADDRINUSE'))
    server.listen({ port, host: '127.0.0.1' }, () => server.close(() => resolve(true)))
  })
}
