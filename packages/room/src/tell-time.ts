import { wallClock } from '@zcast/shared'
import type { UncheckedMessage } from './messages/guest-messages.ts'
import type { Guest } from './people/guest.ts'

/** Answers `clock` at once, so that a page knows the room's clock, and that the room is there. */
export function tellTime(guest: Guest, { asked }: UncheckedMessage): void {
  if (typeof asked === 'number') guest.tell({ type: 'clock', asked, time: wallClock() })
}
