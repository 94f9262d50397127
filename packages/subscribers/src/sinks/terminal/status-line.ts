import type { LatencySummary, Statistics } from '@zcast/shared'
import { describeNetwork } from '../../lane/describe-network.ts'
import type { SubscriberState } from '../../subscriber-state.ts'

/** The colour of a part of the status line. */
export type Tone = 'title' | 'live' | 'waiting' | 'plain' | 'problem'

/** A part of the status line; control characters are removed when it is drawn. */
export interface StatusPart {
  readonly text: string
  readonly tone: Tone
}

/** The content of the status line, apart from the accounts of the subscription. */
export interface StatusReading {
  readonly title: string
  readonly state: SubscriberState
  /** Pictures drawn in the last second; `undefined` before the first second is over. */
  readonly framesPerSecond: number | undefined
  /** Of the last second; `null` when a latency would be meaningless. */
  readonly latency: LatencySummary | null
  /** Delivered to the viewer, but not drawn here. */
  readonly notDrawn: number
  /** Pictures that could not be decoded. */
  readonly undecodable: number
  /** Pixels of the newest picture, or `undefined` while there is none. */
  readonly picture: { readonly width: number; readonly height: number } | undefined
  /** The most recent failure. */
  readonly notice: string | undefined
}

const STATES: Readonly<Record<SubscriberState, StatusPart>> = {
  connecting: { text: '○ waiting', tone: 'waiting' },
  live: { text: '● live', tone: 'live' },
  idle: { text: '○ idle', tone: 'waiting' },
  stale: { text: '○ waiting (silent)', tone: 'waiting' },
  denied: { text: '○ refused by the publisher', tone: 'problem' },
  closed: { text: '○ ended', tone: 'waiting' },
}

/** The parts of the status line, most important first: a narrow terminal shows only those. */
export function statusParts(reading: StatusReading, statistics: Statistics): StatusPart[] {
  const { lost, withheld, skipped, invalid, unsupported } = statistics.counts()
  const { framesPerSecond, picture, undecodable } = reading
  const notShown = skipped + reading.notDrawn
  const refused = invalid + unsupported + undecodable
  const { network, rendition } = statistics
  const slow = reading.state === 'live' && network
  const parts: StatusPart[] = [
    { text: reading.title, tone: 'title' },
    slow ? { text: `● slow: ${describeNetwork(network)}`, tone: 'problem' } : STATES[reading.state],
    ...(reading.notice === undefined ? [] : [{ text: reading.notice, tone: 'problem' } as const]),
    { text: framesPerSecond === undefined ? '- fps' : `${framesPerSecond.toFixed(1)} fps`, tone: 'plain' },
    { text: latencyText(reading.latency, statistics), tone: 'plain' },
    { text: `lost ${lost ?? 'unknown'}`, tone: lost === null || lost === 0 ? 'plain' : 'problem' },
    { text: `skipped ${notShown}`, tone: 'plain' },
  ]
  if (withheld > 0) parts.push({ text: `withheld ${withheld}`, tone: 'plain' })
  if (refused > 0) parts.push({ text: `refused ${refused}`, tone: 'problem' })
  if (picture) {
    const size = `${picture.width}x${picture.height}`
    parts.push({ text: rendition === undefined ? size : `${rendition} ${size}`, tone: 'plain' })
  }
  return [...parts, { text: 'q quits', tone: 'plain' }]
}

function latencyText(latency: LatencySummary | null, statistics: Statistics): string {
  if (latency) return `p50 ${milliseconds(latency.p50)} p99 ${milliseconds(latency.p99)} ms`
  return statistics.latency.clocksDiffer ? 'clocks differ' : 'latency -'
}

function milliseconds(value: number): string {
  return value < 100 ? value.toFixed(1) : value.toFixed(0)
}
