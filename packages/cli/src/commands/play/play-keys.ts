// oxlint-disable no-control-regex -- a terminal speaks in control characters
import type { Player } from '@zcast/recording'

const KEY = /\x1b[[O][\d;]*[A-Za-z~]|[^\x1b]/g
const SHORT_S = 5
const LONG_S = 60
const FASTER = 2
const SLOWEST = 1 / 64
const FASTEST = 64

/** Seconds by which keys go forward or back. */
const JUMPS: Readonly<Record<string, number>> = {
  '\x1b[C': SHORT_S,
  '\x1bOC': SHORT_S,
  '\x1b[D': -SHORT_S,
  '\x1bOD': -SHORT_S,
  '\x1b[1;2C': LONG_S,
  '\x1b[1;2D': -LONG_S,
  '\x1b[6~': LONG_S,
  '\x1b[5~': -LONG_S,
}

/** What the keys do, in a line. */
export const KEY_HELP =
  'space pauses, arrows 5 s, shift or page keys 60 s, + - speed, n next, p plays, home, q quits'

/** Does what was typed. @param isStepped - True when space plays the next value, rather than to pause. */
export function pressKeys(player: Player, text: string, isStepped: boolean): void {
  for (const [key] of text.matchAll(KEY)) pressKey(player, key, isStepped)
}

function pressKey(player: Player, key: string, isStepped: boolean): void {
  const jump = JUMPS[key]
  if (jump !== undefined) return player.seek(player.position + jump)
  if (key === '\x1b[H' || key === '\x1b[1~' || key === '\x1bOH') return player.seek(player.from)
  if (key === 'n' || (key === ' ' && isStepped)) return player.step()
  if (key === 'p' || key === ' ') return player.isPaused ? player.resume() : player.pause()
  if (key === '+' || key === '=') return changeSpeed(player, FASTER)
  if (key === '-') return changeSpeed(player, 1 / FASTER)
}

function changeSpeed(player: Player, by: number): void {
  if (player.speed === Infinity) return
  player.setSpeed(Math.min(Math.max(player.speed * by, SLOWEST), FASTEST))
}
