import { wallClock } from '@zcast/shared'
import type { WebChannel } from '../server/channels/web-channel.ts'
import type { ClockMessage } from './page-messages.ts'

const CLOCK = /^clock (\d{1,15}(?:\.\d{1,6})?)$/

/**
 * Answers `clock T` with the time of this machine, so that a page can compute when a picture or sound is due there.
 *
 * @returns False when the text asks for something else.
 */
export function answerClock(channel: WebChannel, text: string): boolean {
  const asked = CLOCK.exec(text)?.[1]
  if (asked === undefined) return false
  // A browser that asks without reading must not make answers pile up.
  if (channel.bufferedBytes === 0) {
    const answer: ClockMessage = { type: 'clock', asked: Number(asked), time: wallClock() }
    channel.send(JSON.stringify(answer))
  }
  return true
}
