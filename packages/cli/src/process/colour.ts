import { styleText } from 'node:util'
import type { Writable } from 'node:stream'

const COLOURS = [
  'cyan',
  'green',
  'yellow',
  'magenta',
  'blue',
  'redBright',
  'cyanBright',
  'greenBright',
] as const

/**
 * Chooses whether to colour text: on a terminal, unless NO_COLOR is set (https://no-color.org) or the terminal is dumb;
 * elsewhere only with FORCE_COLOR.
 *
 * @returns A function that gives text the colour with that number, or leaves it unchanged.
 */
export function createPalette(output: Writable): (text: string, colour: number) => string {
  if (!isColoured(output)) return (text) => text
  return (text, colour) => styleText(COLOURS[colour % COLOURS.length] ?? 'white', text)
}

/** Like {@link createPalette}, for headings. */
export function paintBold(output: Writable): (text: string) => string {
  return isColoured(output) ? (text) => styleText('bold', text) : (text) => text
}

/** True on a terminal that shows colours, unless NO_COLOR is set; elsewhere only with FORCE_COLOR. */
export function isColoured(output: Writable): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env
  const isTerminal = 'isTTY' in output && output.isTTY === true && TERM !== 'dumb'
  return FORCE_COLOR ? FORCE_COLOR !== '0' : isTerminal && !NO_COLOR
}
