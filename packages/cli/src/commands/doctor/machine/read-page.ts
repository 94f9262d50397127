/** What a viewer's page says of one of its streams: see `/stats.json`. */
export interface PageStream {
  readonly topic: string
  readonly delivered: number
  readonly skipped: number
  readonly network: { readonly wanted: number; readonly carried: number } | null
}

/** What a viewer says of itself. */
export interface PageStats {
  readonly title: string
  readonly streams: readonly PageStream[]
  readonly readers: readonly { readonly kind: string; readonly network: PageStream['network'] }[]
}

const ANSWER_WITHIN_MS = 1500
const MAX_BYTES = 1024 * 1024

/** Asks a page how its viewer is. @returns Why it does not say, where it does not. */
export async function readPage(address: string, signal: AbortSignal): Promise<PageStats | string> {
  try {
    const response = await fetch(new URL('/stats.json', address), {
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
      redirect: 'manual',
    })
    if (response.status === 401 || response.status === 403) return 'it wants a token'
    const text = await response.text()
    if (!response.ok || text.length > MAX_BYTES) return 'it is no page of a viewer'
    return readStats(JSON.parse(text) as unknown) ?? 'it is no page of a viewer'
  } catch {
    return 'it does not answer'
  }
}

/** What a stranger's page says is checked before it is believed. */
function readStats(given: unknown): PageStats | undefined {
  if (!isRecord(given) || !Array.isArray(given['streams'])) return undefined
  const { title, streams, readers } = given
  return {
    title: typeof title === 'string' ? title : '',
    streams: (streams as unknown[]).flatMap((one) => {
      if (!isRecord(one) || typeof one['topic'] !== 'string') return []
      const { topic, delivered, skipped, network } = one
      return [{ topic, delivered: count(delivered), skipped: count(skipped), network: readNetwork(network) }]
    }),
    readers: (Array.isArray(readers) ? (readers as unknown[]) : []).flatMap((one) =>
      isRecord(one) ? [{ kind: String(one['kind']), network: readNetwork(one['network']) }] : [],
    ),
  }
}

function readNetwork(given: unknown): PageStream['network'] {
  return isRecord(given) && typeof given['wanted'] === 'number' && typeof given['carried'] === 'number'
    ? { wanted: given['wanted'], carried: given['carried'] }
    : null
}

function count(given: unknown): number {
  return typeof given === 'number' && given >= 0 ? given : 0
}

function isRecord(given: unknown): given is Record<string, unknown> {
  return typeof given === 'object' && given !== null
}
