import { SourceError } from '@zcast/shared'

/**
 * Ends an input that has become silent without an end, as happens on networks.
 *
 * @param open - Starts it; its signal aborts after the silence.
 * @param silenceMs - The longest wait for the first item, and for each further one.
 * @throws {@link SourceError} `ERR_SOURCE_FAILED` after the silence.
 */
export async function* watchSilence<T>(
  open: (signal: AbortSignal) => AsyncIterable<T>,
  {
    name,
    silenceMs,
    signal,
  }: { readonly name: string; readonly silenceMs: number; readonly signal: AbortSignal },
): AsyncGenerator<T> {
  const silent = new AbortController()
  const timer = setTimeout(() => silent.abort(), silenceMs)
  try {
    for await (const item of open(AbortSignal.any([signal, silent.signal]))) {
      timer.refresh()
      yield item
    }
  } finally {
    clearTimeout(timer)
  }
  if (!silent.signal.aborted || signal.aborted) return
  throw new SourceError('ERR_SOURCE_FAILED', `nothing came from "${name}" for ${silenceMs / 1000} s`)
}
