import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { Statistics } from '@zcast/shared'
import type { SinkContext } from '../../../../src/sinks/sink.ts'
import { TerminalSink, type TerminalSinkOptions } from '../../../../src/sinks/terminal/terminal-sink.ts'
import { FakeInput, FakeOutput } from '../../../support/fake-terminal.ts'
import { pictureEnvelope, plainPicture } from '@zcast/testing/pictures/plain-picture'

const environment = { TERM: 'xterm-256color', COLORTERM: 'truecolor' }

let sink: TerminalSink | undefined

interface Opened {
  readonly sink: TerminalSink
  readonly output: FakeOutput
  readonly input: FakeInput
}

async function open(
  options: Partial<TerminalSinkOptions> = {},
  size: readonly [number, number] = [32, 10],
): Promise<Opened> {
  const output = new FakeOutput(...size)
  const input = new FakeInput()
  output.emulator.answer = (text) => input.type(text)
  const context: SinkContext = { statistics: new Statistics(), state: () => 'live' }
  sink = new TerminalSink({ title: 'Client 1', output, input, environment, onQuit: () => {}, ...options })
  await sink.open(context)
  return { sink, output, input }
}

async function red(): Promise<ReturnType<typeof pictureEnvelope>> {
  return pictureEnvelope({ data: await plainPicture(160, 90, [250, 0, 0]), width: 160, height: 90 })
}

/** Resolves when what is shown meets a condition. */
async function shows(output: FakeOutput, condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => output.once('taken', resolve))
}

afterEach(async () => {
  await sink?.close()
  sink = undefined
})

describe('a terminal', () => {
  test('says that there is no picture yet, then shows each one', async () => {
    const { sink, output } = await open()
    await shows(output, () => output.emulator.text.includes('waiting for a picture'))
    await sink.write(await red())
    const { background = '', glyph } = output.emulator.cell(16, 4)
    const [r = 0, g = 0, b = 0] = background.split(',').map(Number)
    expect(glyph).toBe(' ')
    expect(r).toBeGreaterThan(240)
    expect(Math.max(g, b)).toBeLessThan(15)
    expect(output.emulator.line(9)).toContain('Client 1')
    expect(output.emulator.line(9)).toContain('live')
  })

  test('draws the picture anew, in its proportions, when its size changes', async () => {
    const { sink, output } = await open()
    await sink.write(await red())
    output.resize(64, 30)
    await shows(output, () => output.emulator.cell(32, 14).background?.startsWith('2') ?? false)
    const coloured = (row: number): number =>
      Array.from({ length: 64 }, (_, column) => output.emulator.cell(column, row)).filter(
        (cell) => cell.background,
      ).length
    expect([coloured(0), coloured(4), coloured(5), coloured(22), coloured(23)]).toEqual([0, 0, 64, 64, 0])
    expect(output.emulator.line(29)).toContain('Client 1')
  })

  test('updates the status line each second without a picture', async () => {
    let state: 'live' | 'stale' = 'live'
    const output = new FakeOutput(60, 5)
    sink = new TerminalSink({
      title: 'Client 1',
      output,
      input: new FakeInput(),
      environment,
      answerTimeoutMs: 1,
      onQuit: () => {},
    })
    await sink.open({ statistics: new Statistics(), state: () => state })
    await shows(output, () => output.emulator.line(4).includes('● live'))
    state = 'stale'
    await shows(output, () => output.emulator.line(4).includes('waiting (silent)  0.0 fps'))
  })

  test('holds a picture back until the terminal has taken the one before', async () => {
    const { sink, output } = await open()
    await sink.write(await red())
    output.stall()
    const blue = pictureEnvelope({ data: await plainPicture(160, 90, [0, 0, 250]), width: 160, height: 90 })
    let taken = false
    const writing = sink.write(blue).then(() => (taken = true))
    for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve))
    await shows(output, () => true)
    expect(taken).toBe(false)
    output.drain()
    await writing
  })

  test('counts a picture that cannot be decoded, and goes on', async () => {
    const { sink, output } = await open({}, [80, 10])
    await sink.write(pictureEnvelope({ data: Buffer.from('no picture'), width: 160, height: 90 }))
    expect(output.emulator.line(9)).toContain('refused 1')
    await sink.write(await red())
    expect(output.emulator.cell(40, 4).background).toMatch(/^2[45]\d,/)
  })

  test('ignores numbers', async () => {
    const { sink } = await open()
    const block = { kind: 'numbers', time: 0, rows: 1, columns: 1, data: new Float64Array(1) } as const
    await sink.write({ topic: 'numbers/random', block })
  })

  test.each([
    ['q', 'q'],
    ['Ctrl-C', '\x03'],
  ])('quits on %s, once', async (_, key) => {
    let quits = 0
    const { input } = await open({ onQuit: () => (quits += 1) })
    input.type(key)
    input.type(key)
    expect(quits).toBe(1)
  })

  test('asks for the size anew when its process goes on after it was stopped', async () => {
    await open()
    // A sandbox hears no real signal.
    const sent = jest.spyOn(process, 'kill').mockReturnValue(true)
    process.emit('SIGCONT')
    expect(sent.mock.calls).toEqual([[process.pid, 'SIGWINCH']])
    sent.mockRestore()
  })

  test('shows a failure in its status line', async () => {
    const { sink, output } = await open({}, [80, 10])
    sink.tell('no space left on the disk')
    await shows(output, () => output.emulator.line(9).includes('no space left on the disk'))
  })

  test('is put back as it was, and closed twice without harm', async () => {
    const before = ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGCONT', 'exit'].map((name) =>
      process.listenerCount(name),
    )
    const { sink, output, input } = await open()
    expect(input.isRaw).toBe(true)
    await sink.write(await red())
    await sink.close()
    await sink.close()
    expect(Object.fromEntries(output.emulator.modes)).toEqual({ 7: true, 25: true, 1049: false, 2026: false })
    expect(output.emulator.title).toBe('shell')
    expect(input).toMatchObject({ isRaw: false, isPaused: true })
    expect([...output.eventNames(), ...input.eventNames()]).toEqual([])
    expect(
      ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGCONT', 'exit'].map((name) => process.listenerCount(name)),
    ).toEqual(before)
  })

  test('is put back when the process exits, before it is gone', async () => {
    const { output } = await open()
    const ours = process.listeners('exit').at(-1) as (code: number) => void
    ours(1)
    expect(output.emulator.modes.get(1049)).toBe(false)
    expect(output.emulator.modes.get(25)).toBe(true)
  })

  test('draws by the kitty graphics protocol where the terminal knows it, whatever the environment says', async () => {
    const output = new FakeOutput(32, 10)
    const input = new FakeInput()
    output.emulator.answer = (text) => input.type(text)
    output.emulator.knowsKitty = true
    sink = new TerminalSink({ title: 'Client 1', output, input, environment, onQuit: () => {} })
    await sink.open({ statistics: new Statistics(), state: () => 'live' })
    await sink.write(await red())
    const [image] = output.emulator.images.values()
    expect(image?.control).toMatchObject({ s: '160', v: '90', f: '24' })
    expect(image?.pixels[0]).toBeGreaterThan(240)
    await sink.close()
    expect(output.emulator.images.size).toBe(0)
  })

  test('draws in half blocks where the environment promises kitty and the terminal denies it', async () => {
    const { sink, output } = await open({ environment: { TERM: 'xterm-kitty' } })
    await sink.write(await red())
    expect(output.emulator.images.size).toBe(0)
    expect(output.emulator.cell(16, 4).background).toMatch(/^2[45]\d,/)
  })

  test('is needed: elsewhere one sentence says what to do', async () => {
    const output = Object.assign(new FakeOutput(80, 24), { isTTY: false })
    const sink = new TerminalSink({ title: 'Client 1', output, input: new FakeInput(), environment })
    await expect(sink.open({ statistics: new Statistics(), state: () => 'live' })).rejects.toMatchObject({
      code: 'ERR_SINK',
      message: 'the output is not a terminal: run this in one, or choose --show web or --show none',
    })
    await sink.close()
    expect(output.written).toBe('')
  })
})
