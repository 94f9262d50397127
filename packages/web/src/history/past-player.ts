import type { History, RecordedBlock } from '@zcast/subscribers'

/** A reader that is further behind begins anew where the time has come to. */
const MOST_BEHIND_SECONDS = 0.5
/** How long to wait for more at the end of what is kept. */
const AGAIN_MS = 100
/** What was made readable less than this ago leaves nothing out that a person would miss. */
const FLUSHED_SECONDS = 0.04
/** A disk that takes longer for that is not waited for again and again. */
const MOST_FLUSHES = 8
/** Times are no finer. */
const TICK_SECONDS = 1e-6

/** What is played. */
export interface PlayedPast {
  readonly history: History
  readonly topics: readonly string[]
  /** Seconds since the Unix epoch. */
  readonly from: number
  readonly speed: number
  /** True when more comes at the end. */
  readonly isLive: boolean
  /** Makes what came so far readable, and returns up to when, in seconds since the Unix epoch. Default: all of it is. */
  readonly flush?: (() => Promise<number>) | undefined
}

/** Ways out of a player. */
export interface PlayerListeners {
  /** A picture is due. */
  readonly onBlock: (block: RecordedBlock) => void
  /** Waits; resolves earlier when something happens. */
  readonly wait: (ms: number) => Promise<void>
  /** False once something else is wanted. */
  readonly isWanted: () => boolean
}

/**
 * Hands over the pictures of the past when they are due, at a speed of 1/16 to 16. Where reading takes longer than that,
 * pictures are left out, so that the time is always the right one. Returns at the end of what is kept: where more comes,
 * once all that has come was handed over, so that what is live can go on from there.
 */
export async function playPast(
  { history, topics, from, speed, isLive, flush }: PlayedPast,
  { onBlock, wait, isWanted }: PlayerListeners,
): Promise<void> {
  const beganAtMs = performance.now()
  const now = (): number => from + ((performance.now() - beganAtMs) / 1000) * speed
  // Time that goes faster is ahead of what has come: nothing near the end is late.
  const isLate = (time: number): boolean => {
    const end = time + MOST_BEHIND_SECONDS * Math.max(speed, 1)
    return end < now() && end < (history.to ?? time)
  }
  let at = from
  let [flushes, flushedTo] = [0, Number.NEGATIVE_INFINITY]
  while (isWanted()) {
    let isBehind = false
    for await (const block of topics.length === 0 ? [] : history.blocks({ topics, from: at })) {
      at = block.recordedAt + TICK_SECONDS
      for (let due = block.recordedAt; isWanted() && due > now();) await wait(((due - now()) / speed) * 1000)
      if (!isWanted()) return
      isBehind = isLate(block.recordedAt)
      if (isBehind) break
      onBlock(block)
    }
    if (isBehind) {
      at = Math.max(at, Math.min(now(), history.to ?? from))
      continue
    }
    const end = history.to ?? from
    if (now() >= end && !(isLive && speed <= 1)) {
      const isFlushed = Date.now() / 1000 - flushedTo < FLUSHED_SECONDS || flushes === MOST_FLUSHES
      if (!isLive || !flush || isFlushed) return
      flushes += 1
      // It may have waited for those of other pages.
      flushedTo = await flush()
      continue
    }
    // What is played slowly never comes to the end of what grows faster.
    await wait(Math.max(Math.min(((end - now()) / speed) * 1000, 1000), AGAIN_MS))
  }
}
