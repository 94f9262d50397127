import { formatRate } from '../../topic/columns.ts'
import { wait } from '../../topic/wait.ts'
import { type Finding, fine, problem, warning } from '../finding.ts'
import { findViewerPages } from '../machine/find-viewer-pages.ts'
import { type PageStats, type PageStream, readPage } from '../machine/read-page.ts'

/** A viewer is watched for this long. */
const WATCHED_MS = 4000

/** Fewer are skipped when a machine is busy for a moment. */
const SKIPPED_SHARE = 0.1

const MAX_PAGES = 32

/**
 * Checks whether viewers keep up, by what their pages say.
 *
 * @param endpoints - Those of the publishers: viewers of others on this machine are not looked at.
 * @param named - Addresses of pages to look at in any case.
 */
export async function* checkPages(
  endpoints: readonly string[],
  named: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<Finding, void> {
  const addresses = [...new Set([...named, ...(await findViewerPages(endpoints))])].slice(0, MAX_PAGES)
  const before = await Promise.all(addresses.map((address) => readPage(address, signal)))
  for (const [index, address] of addresses.entries()) {
    const why = before[index]
    if (typeof why === 'string' && named.includes(address))
      yield problem(
        'page-unreachable',
        `the page ${address} does not say how its viewer is: ${why}`,
        'check the address; a page that wants a token shows its figures itself',
        { page: address },
      )
  }
  if (before.every((stats) => typeof stats === 'string')) return
  await wait(WATCHED_MS, signal)
  const after = await Promise.all(addresses.map((address) => readPage(address, signal)))
  for (const [index, address] of addresses.entries()) {
    const [then, now] = [before[index], after[index]]
    if (typeof then === 'object' && typeof now === 'object') yield* compare(address, then, now)
  }
}

function* compare(page: string, then: PageStats, now: PageStats): Generator<Finding, void> {
  let isWell = true
  for (const stream of now.streams) {
    const earlier = then.streams.find(({ topic }) => topic === stream.topic)
    const found = checkStream(page, stream, earlier)
    if (!found) continue
    isWell = false
    yield found
  }
  for (const { kind, network } of now.readers) {
    if (!network) continue
    isWell = false
    yield problem(
      'browser-slow',
      `a reader (${kind}) of the page ${page} is too slow, or its network: ${formatRate(network.wanted)} pictures a second are there for it, ${formatRate(network.carried)} reach it`,
      'watch a smaller rendition there, or use a faster network',
      { page, kind, ...network },
    )
  }
  if (isWell && now.streams.length > 0) yield fine('viewer', `the viewer at ${page} keeps up`, { page })
}

function checkStream(page: string, stream: PageStream, earlier: PageStream | undefined): Finding | undefined {
  const { topic, network } = stream
  const skipped = stream.skipped - (earlier?.skipped ?? 0)
  const delivered = stream.delivered - (earlier?.delivered ?? 0)
  const measurement = { page, topic, skipped, delivered, network }
  if (skipped > SKIPPED_SHARE * (skipped + delivered) && skipped > 1)
    return problem(
      'viewer-slow',
      `the viewer at ${page} is too slow for ${topic}: it skipped ${skipped} of ${skipped + delivered} values in ${WATCHED_MS / 1000} s`,
      'let it show a smaller rendition (--rendition), write to a faster disk, or give it more of the processor',
      measurement,
    )
  if (network)
    return problem(
      'network-slow',
      `the network to the viewer at ${page} is too slow for ${topic}: wanted ${formatRate(network.wanted)}/s, carried ${formatRate(network.carried)}/s`,
      'watch a smaller rendition (viewer --rendition auto), or use a faster network',
      measurement,
    )
  if (earlier && delivered === 0 && earlier.delivered > 0)
    return warning(
      'viewer-idle',
      `the viewer at ${page} got nothing of ${topic} in ${WATCHED_MS / 1000} s`,
      'open its page, or look at its publisher: a viewer that nobody watches receives nothing',
      measurement,
    )
  return undefined
}
