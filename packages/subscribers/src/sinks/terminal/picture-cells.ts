import { DEFAULT_COLOUR, type ColourDepth, type Screen } from './screen.ts'
import { nearestOf256 } from './palette-256.ts'
import type { Box } from './picture-layout.ts'

const UPPER_HALF_BLOCK = 0x2580
const SPACE = 0x20
const RAMP = ' .:-=+*#%@'

/**
 * Draws a picture in half blocks: each cell shows two pixels, the upper one as its foreground and the lower one as
 * its background.
 *
 * @param rgb - 8 bits each, row-major; `box.columns` wide and twice `box.rows` high.
 */
export function drawHalfBlocks(screen: Screen, rgb: Uint8Array, box: Box, depth: ColourDepth): void {
  const colourOf = depth === '256' ? nearestOf256 : packed
  const stride = box.columns * 3
  for (let row = 0; row < box.rows; row++) {
    let upper = row * 2 * stride
    let lower = upper + stride
    for (let column = 0; column < box.columns; column++) {
      const above = colourOf(rgb[upper++] as number, rgb[upper++] as number, rgb[upper++] as number)
      const below = colourOf(rgb[lower++] as number, rgb[lower++] as number, rgb[lower++] as number)
      const glyph = above === below ? SPACE : UPPER_HALF_BLOCK
      screen.put(box.left + column, box.top + row, glyph, above, below)
    }
  }
}

/**
 * Draws a picture in ASCII characters, denser where it is brighter.
 *
 * @param rgb - 8 bits each, row-major; `box.columns` wide and `box.rows` high.
 */
export function drawAscii(screen: Screen, rgb: Uint8Array, box: Box): void {
  let at = 0
  for (let row = 0; row < box.rows; row++) {
    for (let column = 0; column < box.columns; column++) {
      // ITU-R BT.709 weights, which reflect the eye's sensitivity to each primary.
      const luminance =
        0.2126 * (rgb[at++] as number) + 0.7152 * (rgb[at++] as number) + 0.0722 * (rgb[at++] as number)
      const step = Math.min(Math.trunc((luminance / 256) * RAMP.length), RAMP.length - 1)
      screen.put(box.left + column, box.top + row, RAMP.charCodeAt(step), DEFAULT_COLOUR, DEFAULT_COLOUR)
    }
  }
}

function packed(red: number, green: number, blue: number): number {
  return (red << 16) | (green << 8) | blue
}
