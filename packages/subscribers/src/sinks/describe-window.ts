import type { Statistics, WindowReading } from '@zcast/shared'
import { describeNetwork } from '../lane/describe-network.ts'
import type { SubscriberState } from '../subscriber-state.ts'

/** True when a stream in this state gives no pictures, so that the last one is an old one. */
export function isWaiting(state: SubscriberState): boolean {
  return state !== 'live'
}

/**
 * A window's title with the figures of the last second: `Client 1 - 29.9 fps, 12 ms, lost 0`, with the rendition that has
 * chosen itself after the rate, or `Client 1 - waiting, lost 0`.
 */
export function describeWindow(
  title: string,
  state: SubscriberState,
  { rate, latency }: WindowReading,
  statistics: Statistics,
): string {
  const { lost } = statistics.counts()
  const losses = `lost ${lost ?? 'unknown'}`
  if (state === 'denied') return `${title} - refused by the publisher`
  if (isWaiting(state)) return `${title} - waiting, ${losses}`
  const age = statistics.latency.clocksDiffer
    ? 'clocks differ'
    : latency
      ? `${latency.p50.toFixed(latency.p50 < 10 ? 1 : 0)} ms`
      : 'latency -'
  const { network, rendition } = statistics
  const size = rendition === undefined ? '' : `, ${rendition}`
  const slow = network ? `, slow: ${describeNetwork(network)}` : ''
  return `${title} - ${rate.toFixed(1)} fps${size}, ${age}, ${losses}${slow}`
}
