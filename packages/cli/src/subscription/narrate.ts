import { isSmallerRendition, type Subscriber, type SubscriberState } from '@zcast/subscribers'
import type { CommandContext } from '../command-context.ts'

/** A faster connection is not reported. */
const PATIENCE_MS = 500

/** Reports on stderr when it waits, and for which publisher. */
export function tellState(context: CommandContext, subscriber: Subscriber, topic: string): () => void {
  const where = subscriber.endpoints.join(', ')
  let before: SubscriberState = 'connecting'
  let wasLive = false
  const wait = (): void => {
    // At the common end of a demo the publisher may be the first to go.
    if (context.signal.aborted) return
    context.status(`waiting for ${topic} from ${where}`)
  }
  const timer = setTimeout(() => {
    if (subscriber.state === 'connecting') wait()
  }, PATIENCE_MS)
  const tell = (state: SubscriberState): void => {
    // A change before the timer has fired is reported here.
    clearTimeout(timer)
    if (state === 'connecting') wait()
    if (state === 'stale') context.status(describeSilence(subscriber, topic, where))
    if (state === 'idle')
      context.status(`idle: nobody watches, so ${topic} is not received until somebody does`)
    if (state === 'live') context.status(describeReturn(before, wasLive, topic, where))
    wasLive ||= state === 'live'
    before = state
  }
  let rendition: string | undefined
  subscriber.on('rendition', ({ rendition: now }) => {
    // The subscriber itself warns about a smaller one.
    if (isSmallerRendition(rendition, now))
      context.status(`the network carries more of ${topic}: ${now ?? 'the full size'} is shown`)
    rendition = now
  })
  if (subscriber.state === 'live') tell('live')
  subscriber.on('state', tell)
  return () => clearTimeout(timer)
}

function describeReturn(from: SubscriberState, wasLive: boolean, topic: string, where: string): string {
  if (from === 'stale') return `${topic} has resumed`
  const change = from === 'idle' ? 'receiving again' : wasLive ? 'connected again' : 'connected'
  return `${change}: ${topic} from ${where}`
}

function describeSilence({ statistics }: Subscriber, topic: string, where: string): string {
  return statistics.counts().received > 0
    ? `${topic} has stopped: ${where} is connected but no longer sends it`
    : `${where} is connected but sends nothing on ${topic}: check the stream's name`
}
