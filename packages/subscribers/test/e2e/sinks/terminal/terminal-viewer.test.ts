import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from '@jest/globals'
import { Pty, whyNoPty } from '@zcast/testing/machine/pty'
import type { TerminalEmulator } from '@zcast/testing/machine/terminal-emulator'

const VIEWER = fileURLToPath(new URL('../../../fixtures/terminal-viewer.js', import.meta.url))
const TRUECOLOR = { TERM: 'xterm-256color', COLORTERM: 'truecolor' }
const { SIGHUP, SIGINT, SIGTERM } = constants.signals

const reason = whyNoPty()
if (reason) console.log(`skipped: ${reason}`)
const inTerminal = reason ? test.skip : test

let pty: Pty | undefined

function start(environment: Readonly<Record<string, string>>, ...options: string[]): Pty {
  pty = new Pty({ columns: 80, rows: 24 }, [process.execPath, VIEWER, ...options], environment)
  return pty
}

afterEach(async () => {
  await pty?.close()
  pty = undefined
})

/** Whether there are a picture and the status line, on as much as the terminal has. */
function showsPicture(terminal: TerminalEmulator): boolean {
  const { columns, rows } = terminal
  const isColoured = terminal.cell(Math.trunc(columns / 2), Math.trunc(rows / 2)).background !== undefined
  return isColoured && terminal.line(rows - 1).includes('Client 1')
}

function expectAsBefore(terminal: TerminalEmulator): void {
  expect(Object.fromEntries(terminal.modes)).toEqual({ 7: true, 25: true, 1049: false, 2026: false })
  expect(terminal.images.size).toBe(0)
  expect(terminal.title).toBe('shell')
}

describe('a viewer in a terminal', () => {
  inTerminal('takes the terminal over, shows pictures and puts it back when q is pressed', async () => {
    const pty = start(TRUECOLOR)
    await pty.shows(showsPicture)
    expect(Object.fromEntries(pty.emulator.modes)).toMatchObject({ 7: false, 25: false, 1049: true })
    expect(pty.emulator.title).toBe('Client 1')
    await pty.shows((terminal) => / \d+\.\d fps {2}p50 \d/.test(terminal.line(23)))
    pty.type('q')
    expect(await pty.exited).toEqual({ code: 0, signal: null, restored: true })
    expectAsBefore(pty.emulator)
    expect(pty.written).toMatch(/quit after \d+ pictures\r\n$/)
  })

  inTerminal('quits on Ctrl-C, which a raw keyboard sends as a character', async () => {
    const pty = start(TRUECOLOR)
    await pty.shows(showsPicture)
    pty.type('\x03')
    expect(await pty.exited).toEqual({ code: 0, signal: null, restored: true })
    expectAsBefore(pty.emulator)
  })

  inTerminal('follows the size of the terminal, larger and smaller', async () => {
    const pty = start(TRUECOLOR)
    await pty.shows(showsPicture)
    for (const [columns, rows] of [
      [120, 40],
      [30, 8],
      [80, 24],
    ] as const) {
      pty.resize(columns, rows)
      await pty.shows(showsPicture)
    }
    pty.type('q')
    expect(await pty.exited).toMatchObject({ code: 0, restored: true })
  })

  inTerminal.each([
    ['SIGTERM', SIGTERM],
    ['SIGINT', SIGINT],
    ['SIGHUP', SIGHUP],
  ])('puts the terminal back on %s, and ends by it as if nothing had been in between', async (_, signal) => {
    const pty = start(TRUECOLOR)
    await pty.shows(showsPicture)
    pty.signal(signal)
    expect(await pty.exited).toEqual({ code: null, signal, restored: true })
    expectAsBefore(pty.emulator)
  })

  inTerminal('leaves a signal to a program that handles it, and is put back by close', async () => {
    const pty = start(TRUECOLOR, '--handle-signals')
    await pty.shows(showsPicture)
    pty.signal(SIGTERM)
    expect(await pty.exited).toEqual({ code: 0, signal: null, restored: true })
    expectAsBefore(pty.emulator)
    expect(pty.written).toContain('quit after')
  })

  inTerminal('puts the terminal back after a crash, before the error is printed', async () => {
    const pty = start(TRUECOLOR, '--crash-after', '5')
    expect(await pty.exited).toEqual({ code: 1, signal: null, restored: true })
    expectAsBefore(pty.emulator)
    expect(pty.written.indexOf('crashed on purpose')).toBeGreaterThan(pty.written.lastIndexOf('\x1b[?1049l'))
  })

  inTerminal('ends when the terminal is closed', async () => {
    const pty = start(TRUECOLOR)
    await pty.shows(showsPicture)
    pty.hangUp()
    expect(await pty.exited).toMatchObject({ code: null, signal: SIGHUP })
  })

  inTerminal('uses the kitty graphics protocol where the terminal says that it knows it', async () => {
    const pty = start(TRUECOLOR)
    pty.emulator.knowsKitty = true
    await pty.shows((terminal) => terminal.images.size > 0 && terminal.updates > 2)
    expect([...pty.emulator.images.values()][0]?.control).toMatchObject({ s: '640', v: '360' })
    pty.type('q')
    expect(await pty.exited).toMatchObject({ code: 0, restored: true })
    expectAsBefore(pty.emulator)
  })

  inTerminal('draws in 256 colours, and in ASCII with NO_COLOR', async () => {
    const pty256 = start({ TERM: 'xterm-256color' })
    await pty256.shows(showsPicture)
    expect(pty256.emulator.cell(40, 12).background).toMatch(/^\d+$/)
    pty256.type('q')
    await pty256.exited
    const ascii = start({ TERM: 'xterm-256color', NO_COLOR: '1' })
    await ascii.shows(
      (terminal) => /[-=+*#]{5}/.test(terminal.line(12)) && terminal.line(23).includes('* live'),
    )
    expect(ascii.emulator.cell(40, 12).background).toBeUndefined()
    ascii.type('q')
    expect(await ascii.exited).toMatchObject({ code: 0, restored: true })
  })

  inTerminal('writes no escape sequence to a dumb terminal', async () => {
    const pty = start({ TERM: 'dumb' }, '--pictures', '1')
    await pty.shows((terminal) => terminal.text.includes('Client 1') && /[-=+*#]{5}/.test(terminal.text))
    pty.type('q')
    expect(await pty.exited).toMatchObject({ code: 0, restored: true })
    expect(pty.written).not.toContain('\x1b')
  })

  inTerminal(
    'stops on Ctrl-Z with the terminal put back, and goes on where a shell continues it',
    async () => {
      const pty = start(TRUECOLOR)
      await pty.shows(showsPicture)
      pty.type('\x1a')
      // A program without a shell around it is not stopped: it comes back by itself.
      await pty.shows((terminal) => terminal.modes.get(1049) === false)
      await pty.shows((terminal) => terminal.modes.get(1049) === true && showsPicture(terminal))
      pty.type('q')
      expect(await pty.exited).toMatchObject({ code: 0, restored: true })
    },
  )
})
