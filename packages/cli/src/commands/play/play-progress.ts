import type { Player } from '@zcast/recording'
import { formatPosition, formatSpeed } from './progress-bar.ts'

/** What has been played so far. */
export interface PlayProgress {
  readonly path: string
  readonly player: Player
  readonly topics: number
  /** Values. */
  readonly sent: number
  readonly dropped: number
}

/** `0:12.0 of 1:00.0 at 1x, 4 topics, sent 1234, dropped 0`. */
export function formatProgress({ player, topics, sent, dropped }: PlayProgress): string {
  const { from, to, position, speed, passes } = player
  const pass = passes > 1 ? `, pass ${passes}` : ''
  const place = `${formatPosition(position - from)} of ${formatPosition(to - from)}`
  const named = topics === 1 ? '1 topic' : `${topics} topics`
  return `${place} at ${formatSpeed(speed)}${pass}, ${named}, sent ${sent}, dropped ${dropped}`
}

/** The same for a program. */
export function reportProgress(
  type: 'progress' | 'summary',
  { path, player, topics, sent, dropped }: PlayProgress,
): object {
  const { from, to, position, speed, isPaused, passes } = player
  const own = { speed: speed === Infinity ? 'max' : speed, paused: isPaused, passes }
  return { type, path, from, to, position, seconds: position - from, ...own, topics, sent, dropped }
}
