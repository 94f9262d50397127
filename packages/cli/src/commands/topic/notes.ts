import type { HzReport } from '@zcast/subscribers/topics'

/** A shorter silence is not worth a word. */
const WORTH_A_WORD_MS = 2000
const INTERVALS = 3

/** What people must know of a topic's figures; `''` where they are what they seem. */
export function notesOf({
  behind,
  silent,
  mean,
  restarts,
}: Pick<HzReport, 'behind' | 'silent' | 'mean' | 'restarts'>): string {
  const isSilent = silent !== null && silent > Math.max(WORTH_A_WORD_MS, INTERVALS * (mean ?? 0))
  return [
    ...(behind ? ['more than can be read'] : []),
    ...(isSilent ? [`silent for ${Math.round(silent / 1000)} s`] : []),
    ...(restarts > 0 ? [`restarted ${restarts === 1 ? 'once' : `${restarts} times`}`] : []),
  ].join(', ')
}
