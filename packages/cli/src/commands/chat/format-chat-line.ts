import type { ChatLine } from '@zcast/room/client'
import { escapeControls } from '@zcast/shared/internal'

/** A time of day on this machine: `17:05`. */
export function formatClock(seconds: number): string {
  const date = new Date(seconds * 1000)
  if (Number.isNaN(date.getTime())) return '--:--'
  const pad = (value: number): string => String(value).padStart(2, '0')
  return `${pad(date.getHours())}:${pad(date.getMinutes())}`
}

/**
 * What somebody said, as one line of plain text: `17:05 ann: hello`. Line ends are blanks, and what could change a
 * terminal is made visible.
 */
export function formatChatLine({ time, name, text }: ChatLine): string {
  const words = plainLine(text)
  return name === '' ? `${formatClock(time)} ${words}` : `${formatClock(time)} ${plainLine(name)}: ${words}`
}

/** Text of others as one line that does nothing to a terminal. */
export function plainLine(text: string): string {
  // The joiner makes one picture of several emoji, and does nothing else.
  return text
    .replaceAll(/\s*\n\s*/g, ' ')
    .split('\u200d')
    .map((part) => escapeControls(part))
    .join('\u200d')
}
