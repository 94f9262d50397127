import { encode } from 'uqr'

/** Light modules around the code. The standard has 4, and readers need 1 or 2; a terminal has few lines. */
const BORDER = 2
/** Two modules of a column in one character: the upper one and the lower one, where a block is light. */
const BLOCKS = [' ', '▄', '▀', '█'] as const
/** White on black, not what the terminal's theme makes of these names. */
const WHITE_ON_BLACK = '\u001B[38;5;231;48;5;16m'
const PLAIN = '\u001B[0m'

/** A QR code, drawn in characters. */
export interface QrCode {
  /** Characters of a line. */
  readonly width: number
  readonly lines: readonly string[]
}

/**
 * Draws text as a QR code, in half blocks.
 *
 * @param isColoured - Black and white whatever the terminal's colours are. Else light modules are the terminal's
 *   foreground, which is right where that is lighter than its background; most phones read the reverse too.
 */
export function drawQrCode(text: string, isColoured: boolean): QrCode {
  const { data, size } = encode(text, { ecc: 'L', border: BORDER })
  const isLight = (row: number, column: number): boolean => data[row]?.[column] === false
  const lines: string[] = []
  for (let row = 0; row < size; row += 2) {
    const blocks = Array.from(
      { length: size },
      (_, column) => BLOCKS[(isLight(row, column) ? 2 : 0) + (isLight(row + 1, column) ? 1 : 0)],
    )
    lines.push(isColoured ? `${WHITE_ON_BLACK}${blocks.join('')}${PLAIN}` : blocks.join(''))
  }
  return { width: size, lines }
}
