import { hideSecrets } from '@zcast/shared/internal'
import type { TopicWatch } from '@zcast/subscribers/topics'
import type { CommandContext } from '../../command-context.ts'

/** Sooner nobody wonders. */
const NOBODY_AFTER_MS = 1000
const NOTHING_AFTER_MS = 3000

/**
 * Says on stderr what a person waits for: a publisher, or a topic that it does not send.
 *
 * @param what - The topics, for people.
 * @returns A function that stops it.
 */
export function narrateWatch(context: CommandContext, watch: TopicWatch, what: string): () => void {
  const nobody = setTimeout(() => {
    const waiting = watch.endpoints.filter(({ wasConnected }) => !wasConnected)
    if (waiting.length === watch.endpoints.length)
      context.status(
        `waiting for a publisher at ${waiting.map(({ endpoint }) => hideSecrets(endpoint)).join(', ')}`,
      )
  }, NOBODY_AFTER_MS)
  const nothing = setTimeout(() => {
    const there = watch.endpoints.filter(({ wasConnected }) => wasConnected)
    if (there.length > 0 && watch.topics.every(({ messages }) => messages === 0))
      context.status(
        `${there.map(({ endpoint }) => hideSecrets(endpoint)).join(', ')} is connected and has not sent ${what} yet: "zcast topic list" shows what it sends`,
      )
  }, NOTHING_AFTER_MS)
  return () => {
    clearTimeout(nobody)
    clearTimeout(nothing)
  }
}
