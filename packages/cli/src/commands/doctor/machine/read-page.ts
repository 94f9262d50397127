/** What a viewer's page says of one of its streams: see `/stats.json`. */
export interface PageStream {
  readonly topic: string
  readonly delivered: number
  readonly skipped: number
  readonly network: { readonly wanted: number; readonly carried: number } | null
}

/** What a viewer says of itself. */
export interface PageStats {
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
    const text = response.ok ? await readText(response) : undefined
    return (
      (text === undefined ? undefined : readStats(JSON.parse(text) as unknown)) ?? 'it is no page of a viewer'
    )
  } catch {
    return 'it does not answer'
  }
}

/** @returns `undefined` when it is longer than a page's figures can be. */
async function readText({ body }: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength
    if (bytes > MAX_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** What a stranger's page says is checked before it is believed. */
function readStats(given: unknown): PageStats | undefined {
  if (!isRecord(given) || !Array.isArray(given['streams'])) return undefined
  const { streams, readers } = given
  return {
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
