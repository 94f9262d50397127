import type { Replay } from '@zcast/recording'
import type { PlaySocket } from './play-sockets.ts'

/**
 * Plays as if it were live. When a stream fails, the others are ended before the failure is passed on.
 *
 * @param begin - Resolves when it may begin, once its topics are there.
 */
export async function playLive(
  replay: Replay,
  sockets: readonly PlaySocket[],
  begin: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const failed = new AbortController()
  const ended = AbortSignal.any([signal, failed.signal])
  const streams = sockets.flatMap(({ publisher, sources }) =>
    sources.map((source) => publisher.run(source, { stream: source.stream, signal: ended })),
  )
  const work = [...streams, begin(ended).then(() => replay.run(ended))]
  for (const each of work) each.catch(() => failed.abort())
  const results = await Promise.allSettled(work)
  const failure = results.find((result) => result.status === 'rejected')
  if (failure) throw failure.reason
}
