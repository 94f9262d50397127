import { otherCharset } from '@zcast/shared/internal'
import { terminfoColours } from './terminfo.ts'

/**
 * The ways to show pictures in a terminal:
 *
 * - `kitty` pixels, by the kitty graphics protocol
 * - `truecolor`, `256` half blocks in 24-bit colours, or in 256
 * - `ascii` characters without colours
 * - `plain` the same, one picture below another, one per second, for a terminal that cannot move its cursor
 */
export type TerminalMode = 'kitty' | 'truecolor' | '256' | 'ascii' | 'plain'

type Environment = Readonly<Record<string, string | undefined>>

const TRUECOLOR_TERMS = /direct|kitty|ghostty|alacritty|wezterm|foot|contour/
const TRUECOLOR_PROGRAMS = new Set(['iTerm.app', 'WezTerm', 'ghostty', 'vscode', 'Hyper', 'rio', 'Tabby'])
/** The smallest number of colours of a terminal that shows colours at all. */
const LEAST_COLOURS = 8
/** For systems without a terminal database, such as most containers. */
const COLOUR_TERMS = /^(?:xterm|screen|tmux|linux|rxvt|vte|gnome|konsole|putty|st|ansi|cygwin|mintty)\b/
const KITTY_PROGRAMS = new Set(['ghostty', 'WezTerm'])

/**
 * Finds out what a terminal can do from the environment and the system's terminal database: `NO_COLOR`, `COLORTERM`,
 * `TERM`, `TERM_PROGRAM` and the locale. `kitty` is a guess here: a multiplexer passes on its variables but not the
 * protocol.
 *
 * @param coloursOf - Returns the number of colours of a terminal by its name. Default: from the terminal database.
 */
export function terminalMode(
  environment: Environment,
  coloursOf: (term: string) => number | undefined = (name) => terminfoColours(name, environment),
): TerminalMode {
  const term = environment['TERM'] ?? ''
  const program = environment['TERM_PROGRAM'] ?? ''
  // Windows Terminal sets no TERM.
  if (term === 'dumb' || (term === '' && !environment['WT_SESSION'])) return 'plain'
  if (environment['NO_COLOR'] || otherCharset(environment)) return 'ascii'
  if (!isMultiplexed(environment)) {
    if (environment['KITTY_WINDOW_ID'] || term === 'xterm-kitty' || KITTY_PROGRAMS.has(program))
      return 'kitty'
  }
  if (/^(?:truecolor|24bit)$/i.test(environment['COLORTERM'] ?? '') || environment['WT_SESSION'])
    return 'truecolor'
  if (TRUECOLOR_TERMS.test(term) || TRUECOLOR_PROGRAMS.has(program)) return 'truecolor'
  // tmux accepts 24-bit colours from every program and reduces them to what its own terminal supports.
  if (environment['TMUX']) return 'truecolor'
  if (term.includes('256') || program === 'Apple_Terminal') return '256'
  // Many terminals with 256 colours use a name from the days of 8, such as `xterm` in every container; those with
  // fewer, such as the Linux console, accept the same sequences and show the nearest colour.
  const colours = coloursOf(term)
  const hasColours = colours === undefined ? COLOUR_TERMS.test(term) : colours >= LEAST_COLOURS
  return hasColours ? '256' : 'ascii'
}

/**
 * True when a terminal should be asked about the kitty graphics protocol: one that shows colours, not the Linux
 * console, and not tmux or screen, which take the question for a title.
 */
export function mayKnowKitty(environment: Environment, mode: TerminalMode): boolean {
  return (
    mode !== 'plain' && mode !== 'ascii' && environment['TERM'] !== 'linux' && !isMultiplexed(environment)
  )
}

function isMultiplexed(environment: Environment): boolean {
  return Boolean(environment['TMUX']) || /^(?:screen|tmux)/.test(environment['TERM'] ?? '')
}
