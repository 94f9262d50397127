import { describe, expect, test } from '@jest/globals'
import { EscapeWriter } from '../../../../src/sinks/terminal/escape-writer.ts'
import { nearestOf256 } from '../../../../src/sinks/terminal/palette-256.ts'
import { drawAscii, drawHalfBlocks } from '../../../../src/sinks/terminal/picture-cells.ts'
import { paintChanges, Screen, type ColourDepth } from '../../../../src/sinks/terminal/screen.ts'
import { TerminalEmulator } from '@zcast/testing/machine/terminal-emulator'

const RED = [255, 0, 0]
const GREEN = [0, 255, 0]
const BLUE = [0, 0, 255]
const WHITE = [255, 255, 255]
const BLACK = [0, 0, 0]

/** Draws with the real code, writes with the real code, reads back with the emulator. */
function shown(
  screen: Screen,
  depth: ColourDepth,
  before?: Screen,
): { terminal: TerminalEmulator; bytes: string } {
  const writer = new EscapeWriter()
  const terminal = new TerminalEmulator(screen.columns, screen.rows)
  const previous = before ?? new Screen(screen.columns, screen.rows)
  if (!before) previous.invalidate()
  paintChanges(writer, previous, screen, depth)
  const bytes = Buffer.from(writer.take()).toString('utf8')
  terminal.write(bytes)
  return { terminal, bytes }
}

describe('half blocks', () => {
  const box = { left: 1, top: 0, columns: 2, rows: 2 }
  // Two pixels side by side, four rows: each cell shows two of them, one above the other.
  const rgb = Uint8Array.from([RED, GREEN, BLUE, WHITE, BLACK, RED, BLACK, RED].flat())

  test('show the upper pixel as the foreground and the lower one as the background', () => {
    const screen = new Screen(4, 2)
    drawHalfBlocks(screen, rgb, box, 'truecolor')
    const { terminal } = shown(screen, 'truecolor')
    expect(terminal.cell(1, 0)).toEqual({ glyph: '▀', foreground: '255,0,0', background: '0,0,255' })
    expect(terminal.cell(2, 0)).toEqual({ glyph: '▀', foreground: '0,255,0', background: '255,255,255' })
  })

  test('two equal pixels are a space in their colour, and around the picture nothing is coloured', () => {
    const screen = new Screen(4, 2)
    drawHalfBlocks(screen, rgb, box, 'truecolor')
    const { terminal } = shown(screen, 'truecolor')
    expect(terminal.cell(1, 1)).toMatchObject({ glyph: ' ', background: '0,0,0' })
    expect(terminal.cell(2, 1)).toMatchObject({ glyph: ' ', background: '255,0,0' })
    expect(terminal.cell(0, 0)).toEqual({ glyph: ' ', foreground: undefined, background: undefined })
    expect(terminal.cell(3, 1)).toMatchObject({ glyph: ' ', background: undefined })
  })

  test('use the nearest of 256 colours where there are no more', () => {
    const screen = new Screen(4, 2)
    drawHalfBlocks(screen, rgb, box, '256')
    const { terminal } = shown(screen, '256')
    expect(terminal.cell(1, 0)).toEqual({ glyph: '▀', foreground: '196', background: '21' })
    expect(terminal.cell(2, 0)).toEqual({ glyph: '▀', foreground: '46', background: '231' })
  })
})

describe('ASCII', () => {
  test('is denser where the picture is brighter, and has no colour', () => {
    const screen = new Screen(5, 1)
    const rgb = Uint8Array.from([BLACK, BLUE, RED, GREEN, WHITE].flat())
    drawAscii(screen, rgb, { left: 0, top: 0, columns: 5, rows: 1 })
    const { terminal, bytes } = shown(screen, 'none')
    expect(terminal.line(0)).toBe('  :#@')
    expect(bytes).not.toContain('m')
  })
})

describe('the 256 colours', () => {
  test.each<[string, [number, number, number], number]>([
    ['black', [0, 0, 0], 16],
    ['white', [255, 255, 255], 231],
    ['a pure cube colour', [95, 135, 175], 67],
    ["a grey between the cube's", [128, 128, 128], 244],
    ['the darkest grey of the ramp', [9, 8, 7], 232],
    ['nearly white', [240, 240, 240], 255],
    ["a colour beside the cube's", [250, 100, 5], 202],
  ])('%s', (_, [red, green, blue], expected) => {
    expect(nearestOf256(red, green, blue)).toBe(expected)
  })

  test('no cube or grey colour is nearer than the one chosen', () => {
    const levels = [0, 95, 135, 175, 215, 255]
    const palette: [number, number, number][] = []
    for (const r of levels) for (const g of levels) for (const b of levels) palette.push([r, g, b])
    for (let step = 0; step < 24; step++) palette.push([8 + step * 10, 8 + step * 10, 8 + step * 10])
    const distance = (a: readonly number[], b: readonly number[]): number =>
      a.reduce((sum, value, index) => sum + (value - (b[index] ?? 0)) ** 2, 0)
    for (let r = 0; r < 256; r += 17) {
      for (let g = 0; g < 256; g += 15) {
        for (let b = 0; b < 256; b += 17) {
          const chosen = palette[nearestOf256(r, g, b) - 16] ?? []
          const nearest = Math.min(...palette.map((colour) => distance(colour, [r, g, b])))
          expect(distance(chosen, [r, g, b])).toBe(nearest)
        }
      }
    }
  })
})

describe('painting', () => {
  const box = { left: 0, top: 0, columns: 8, rows: 1 }

  test('writes only the cells that changed, and nothing at all when none did', () => {
    const before = new Screen(8, 1)
    const next = new Screen(8, 1)
    const rgb = new Uint8Array(8 * 2 * 3)
    drawHalfBlocks(next, rgb, box, 'truecolor')
    shown(next, 'truecolor', before)
    expect(shown(next, 'truecolor', before).bytes).toBe('')
    rgb.set(RED, 3 * 3)
    drawHalfBlocks(next, rgb, box, 'truecolor')
    const { terminal, bytes } = shown(next, 'truecolor', before)
    expect(terminal.cellsWritten).toBe(1)
    expect(bytes).toBe('\x1b[1;4H\x1b[38;2;255;0;0;48;2;0;0;0m▀\x1b[0m')
  })

  test('does not repeat a colour, or move the cursor where it is already', () => {
    const next = new Screen(8, 1)
    drawHalfBlocks(next, Uint8Array.from(Array.from({ length: 16 }, () => BLUE).flat()), box, 'truecolor')
    expect(shown(next, 'truecolor').bytes).toBe(`\x1b[1;1H\x1b[48;2;0;0;255m${' '.repeat(8)}\x1b[0m`)
  })

  test('moves to the start of each row: after the last column terminals differ', () => {
    const next = new Screen(2, 2)
    expect(shown(next, 'truecolor').bytes).toBe('\x1b[1;1H  \x1b[2;1H  ')
  })

  test('many random screens one after the other come out as they were drawn', () => {
    const before = new Screen(8, 3)
    const terminal = new TerminalEmulator(8, 3)
    const writer = new EscapeWriter()
    before.invalidate()
    let state = 1
    const random = (limit: number): number => {
      state = (state * 48_271) % 2_147_483_647
      return state % limit
    }
    for (let round = 0; round < 200; round++) {
      const next = new Screen(8, 3)
      const rgb = Uint8Array.from({ length: 8 * 6 * 3 }, () => random(3) * 100)
      drawHalfBlocks(next, rgb, { left: 0, top: 0, columns: 8, rows: 3 }, 'truecolor')
      paintChanges(writer, before, next, 'truecolor')
      terminal.write(writer.take())
      for (let index = 0; index < 24; index++) {
        const column = index % 8
        const row = Math.trunc(index / 8)
        const at = (pixelRow: number): string =>
          rgb
            .subarray((pixelRow * 8 + column) * 3)
            .subarray(0, 3)
            .join(',')
        const cell = terminal.cell(column, row)
        expect(cell.background).toBe(at(row * 2 + 1))
        if (cell.glyph === '▀') expect(cell.foreground).toBe(at(row * 2))
        else expect(at(row * 2)).toBe(at(row * 2 + 1))
      }
    }
  })
})
