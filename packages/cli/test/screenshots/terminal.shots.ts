import { setTimeout as delay } from 'node:timers/promises'
import { describe, test } from '@jest/globals'
import { Pty } from '@zcast/testing/machine/pty'
import type { TerminalEmulator } from '@zcast/testing/machine/terminal-emulator'
import { useBrowser } from '../../../web/test/support/browser.ts'
import { publishedAt, useWorkbench, ZCAST } from '../support/zcast.ts'
import { savePicture } from './save-picture.ts'

const bench = useWorkbench()
const browser = useBrowser()
const CELL = { width: 8, height: 16 }
const [COLUMNS, ROWS] = [120, 35]

describe('screenshots', () => {
  test('of a viewer in a terminal', async () => {
    const pattern = bench.start([
      'publish',
      'video',
      'pattern',
      '--bind',
      'tcp://127.0.0.1:*',
      '--width',
      640,
    ])
    const command = [ZCAST, 'viewer', '1', '--show', 'terminal', '--log-dir', bench.path('logs'), '--connect']
    const environment = { TERM: 'xterm-256color', COLORTERM: 'truecolor', LANG: 'C.UTF-8' }
    const program = [process.execPath, ...command, await publishedAt(pattern, 'video/main')]
    const terminal = new Pty({ columns: COLUMNS, rows: ROWS }, program, environment)
    try {
      await terminal.shows(({ text }) => /p50 \d/.test(text))
      await delay(3000)
      const width = COLUMNS * CELL.width
      const page = await browser.newPage()
      await page.setViewportSize({ width, height: ROWS * CELL.height })
      await page.setContent(draw(terminal.emulator))
      await savePicture('viewer-terminal', await page.screenshot(), width)
    } finally {
      await terminal.close()
    }
  })
})

/** Of the colours that have names, what the status line has. */
const NAMED: Readonly<Record<string, string>> = { 32: '#5fd0b0', 33: '#e0ac52', 90: '#858d98' }

/** @param colour - `RED,GREEN,BLUE` or the number of a named one. */
function colourOf(colour: string | undefined): string | undefined {
  return colour?.includes(',') ? `rgb(${colour})` : NAMED[colour ?? '']
}

/** The cells of a terminal as a drawing: block elements as rectangles, all else as letters. */
function draw(screen: TerminalEmulator): string {
  const parts: string[] = []
  const paint = (x: number, y: number, height: number, fill: string | undefined): void => {
    if (fill) parts.push(`<rect x="${x}" y="${y}" width="${CELL.width}" height="${height}" fill="${fill}"/>`)
  }
  for (let row = 0; row < screen.rows; row++) {
    for (let column = 0; column < screen.columns; column++) {
      const { glyph, ...colours } = screen.cell(column, row)
      const foreground = colourOf(colours.foreground) ?? '#d5d9df'
      const background = colourOf(colours.background)
      const [x, y] = [column * CELL.width, row * CELL.height]
      paint(x, y, CELL.height, background)
      const half = CELL.height / 2
      if (glyph === '▀') paint(x, y, half, foreground)
      else if (glyph === '▄') paint(x, y + half, half, foreground)
      else if (glyph.trim() !== '') {
        const text = glyph.replaceAll(/[&<]/g, (letter) => (letter === '&' ? '&amp;' : '&lt;'))
        parts.push(`<text x="${x + CELL.width / 2}" y="${y + 12}" fill="${foreground}">${text}</text>`)
      }
    }
  }
  const style = 'body{margin:0;background:#000}text{font:13px monospace;text-anchor:middle}'
  const size = `width="${screen.columns * CELL.width}" height="${screen.rows * CELL.height}"`
  return `<style>${style}</style><svg ${size} shape-rendering="crispEdges">${parts.join('')}</svg>`
}
