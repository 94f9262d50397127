import { describe, expect, test } from '@jest/globals'
import { fitPicture } from '../../../../src/sinks/terminal/picture-layout.ts'
import { TerminalCanvas } from '../../../../src/sinks/terminal/terminal-canvas.ts'
import { DELETE_PICTURES } from '../../../../src/sinks/terminal/kitty-graphics.ts'
import { TerminalEmulator } from '@zcast/testing/machine/terminal-emulator'

const WIDE = { width: 640, height: 360 }

describe('the place of a picture', () => {
  test('keeps its proportions: cells are twice as high as wide', () => {
    expect(fitPicture(WIDE, { columns: 160, rows: 44 }, 0.5)).toEqual({
      left: 2,
      top: 0,
      columns: 156,
      rows: 44,
    })
    expect(fitPicture(WIDE, { columns: 80, rows: 44 }, 0.5)).toEqual({
      left: 0,
      top: 10,
      columns: 80,
      rows: 23,
    })
  })

  test('follows the shape of a cell that the terminal told', () => {
    expect(fitPicture(WIDE, { columns: 80, rows: 44 }, 1)).toEqual({ left: 1, top: 0, columns: 78, rows: 44 })
  })

  test('is never empty, and never outside', () => {
    for (const size of [{ width: 1, height: 65_535 }, { width: 65_535, height: 1 }, WIDE]) {
      for (const columns of [1, 2, 7, 300]) {
        for (const rows of [1, 2, 50]) {
          const box = fitPicture(size, { columns, rows }, 0.5)
          expect(Math.min(box.columns, box.rows)).toBeGreaterThanOrEqual(1)
          expect(Math.min(box.left, box.top)).toBeGreaterThanOrEqual(0)
          expect(box.left + box.columns).toBeLessThanOrEqual(columns)
          expect(box.top + box.rows).toBeLessThanOrEqual(rows)
        }
      }
    }
  })
})

describe('the kitty graphics protocol', () => {
  test('sends raw pixels in chunks, replaces the picture before, and deletes what it left', () => {
    const terminal = new TerminalEmulator(40, 11)
    const canvas = new TerminalCanvas('kitty', { columns: 40, rows: 11 })
    const plan = canvas.plan({ width: 64, height: 36 })
    expect(plan.pixels).toEqual({ width: 64, height: 36 })
    for (const shade of [10, 20, 30]) {
      canvas.drawPicture(new Uint8Array(64 * 36 * 3).fill(shade), plan)
      terminal.write(canvas.changes())
      const [image, ...others] = terminal.images.values()
      expect(others).toEqual([])
      expect(image?.control).toMatchObject({
        a: 'T',
        f: '24',
        s: '64',
        v: '36',
        c: '36',
        r: '10',
        q: '2',
        C: '1',
      })
      expect([image?.column, image?.row]).toEqual([2, 0])
      expect(image?.pixels).toEqual(Buffer.alloc(64 * 36 * 3, shade))
    }
    terminal.write(DELETE_PICTURES)
    expect(terminal.images.size).toBe(0)
  })

  test('sends large pictures smaller: the terminal enlarges them', () => {
    const canvas = new TerminalCanvas('kitty', { columns: 160, rows: 45 })
    const { pixels } = canvas.plan({ width: 3840, height: 2160 })
    expect(pixels).toEqual({ width: 739, height: 416 })
  })
})

describe('the canvas', () => {
  test('shows all of an update at once, and writes nothing when nothing changed', () => {
    const terminal = new TerminalEmulator(40, 5)
    const canvas = new TerminalCanvas('truecolor', { columns: 40, rows: 5 })
    canvas.drawNotice('waiting for a picture')
    canvas.drawStatus([{ text: 'Client 1', tone: 'title' }])
    const bytes = Buffer.from(canvas.changes()).toString('utf8')
    expect(bytes.startsWith('\x1b[?2026h') && bytes.endsWith('\x1b[?2026l')).toBe(true)
    terminal.write(bytes)
    expect(terminal.line(2)).toContain('waiting for a picture')
    expect(terminal.line(4)).toContain('Client 1')
    expect(canvas.changes()).toHaveLength(0)
    canvas.repaint()
    expect(Buffer.from(canvas.changes()).toString('utf8')).toBe(bytes)
  })

  test('leaves out what does not fit, and everything that is no plain character', () => {
    const terminal = new TerminalEmulator(24, 2)
    const canvas = new TerminalCanvas('ascii', { columns: 24, rows: 2 })
    canvas.drawStatus([
      { text: 'a\x1b[2Jb\u{1f600}', tone: 'title' },
      { text: '● live', tone: 'live' },
      { text: 'much too long', tone: 'plain' },
    ])
    terminal.write(canvas.changes())
    expect(terminal.line(1)).toBe(' a?[2Jb?  * live        ')
  })

  test('writes lines without any escape sequence on a terminal that knows none', () => {
    const canvas = new TerminalCanvas('plain', { columns: 10, rows: 4 })
    const plan = canvas.plan({ width: 10, height: 6 })
    canvas.drawPicture(new Uint8Array(plan.pixels.width * plan.pixels.height * 3).fill(255), plan)
    canvas.drawStatus([{ text: 'Client 1', tone: 'title' }])
    expect(Buffer.from(canvas.changes()).toString('utf8')).toBe(
      '@@@@@@@@@@\n@@@@@@@@@@\n@@@@@@@@@@\n Client 1\n',
    )
  })
})
