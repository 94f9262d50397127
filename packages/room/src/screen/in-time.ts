import { SourceError } from '@zcast/shared'

/**
 * Passes items on, as long as each comes within a time after it was asked for: a process that hangs must not hold up
 * everybody for ever.
 *
 * @param open - Opens the items, which end soon once the signal aborts.
 * @throws {@link SourceError} `ERR_SOURCE_FAILED` when one takes longer; what the items throw.
 */
export async function* inTime<Item>(
  open: (signal: AbortSignal) => AsyncGenerator<Item>,
  {
    name,
    longestMs,
    signal,
  }: { readonly name: string; readonly longestMs: number; readonly signal: AbortSignal },
): AsyncGenerator<Item> {
  const late = new AbortController()
  const items = open(AbortSignal.any([signal, late.signal]))
  try {
    for (;;) {
      const timer = setTimeout(() => late.abort(), longestMs)
      const { done, value } = await items.next().finally(() => clearTimeout(timer))
      if (late.signal.aborted)
        throw new SourceError(
          'ERR_SOURCE_FAILED',
          `nothing came of "${name}" for ${longestMs / 1000} s: check its disk, and the load of the machine`,
        )
      if (done) return
      yield value
    }
  } finally {
    await items.return(undefined)
  }
}
