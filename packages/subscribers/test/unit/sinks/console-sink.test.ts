import { Writable } from 'node:stream'
import { describe, expect, test } from '@jest/globals'
import type { Envelope } from '@zcast/shared'
import { findSelection } from '../../../src/selection.ts'
import { ConsoleSink } from '../../../src/sinks/console-sink.ts'
import { testSinkContract } from '@zcast/testing/contracts/sink-contract'

function numbers(seq: number | undefined, rows: number, ...values: number[]): Envelope {
  const data = Float64Array.from(values)
  const columns = values.length / rows
  const block = { kind: 'numbers', seq, time: 100, interval: 0.5, rows, columns, data } as const
  return { topic: 'numbers/random', epoch: 9, block }
}

/** What a sink prints. */
async function print(client: string, json: boolean, ...envelopes: Envelope[]): Promise<string> {
  let text = ''
  const output = new Writable({
    write: (piece, _, done) => {
      text += String(piece)
      done()
    },
  })
  const sink = new ConsoleSink({ output, selection: findSelection(client), json })
  await sink.open()
  for (const envelope of envelopes) await sink.write(envelope)
  await sink.close()
  expect(output.destroyed).toBe(false)
  return text
}

testSinkContract('ConsoleSink', {
  create: () => {
    const output = new Writable({ write: (_, __, done) => done() })
    return new ConsoleSink({ output, selection: findSelection('all') })
  },
  envelope: (seq) => numbers(seq, 1, 1, 2, 3),
  refuses: 'video',
})

describe('ConsoleSink', () => {
  test('prints a line a value for people, with the positions that were selected', async () => {
    const envelope = numbers(41, 2, 0, 1, 2, 3.5, 1000, -1)
    expect(await print('all', false, envelope)).toBe(
      '#41      0.000      1.000      2.000\n#42      3.500   1000.000     -1.000\n',
    )
    expect(await print('even', false, envelope)).toBe(
      '#41      0.000      2.000\n#42      3.500     -1.000\n',
    )
    expect(await print('odd', false, envelope)).toBe('#41      1.000\n#42   1000.000\n')
  })

  test('prints as many digits as it takes to tell values apart, in columns', async () => {
    const envelope = numbers(7, 2, 0.0004, 52.520008, 8125.312345678901, 1.5e-7, 52.520009, 41.23456789012345)
    expect(await print('all', false, envelope)).toBe(
      '#7     0.0004  52.520008   8125.312\n#8     1.5e-7  52.520009     41.235\n',
    )
  })

  test('prints the exact values for programs, and null for what JSON has no number for', async () => {
    const exact = [0.1 + 0.2, -0, Number.MIN_VALUE, 1e21, 12_345_678.25, 2 ** 53]
    const text = await print('all', true, numbers(1, 1, ...exact, Number.NaN, Number.POSITIVE_INFINITY))
    expect(JSON.parse(text)).toMatchObject({ values: [...exact, null, null] })
  })

  test('prints one JSON object a value for programs', async () => {
    const text = await print('even', true, numbers(41, 2, 0.1, 1, 2, 3))
    expect(text.endsWith('\n')).toBe(true)
    const objects = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown)
    expect(objects).toEqual([
      { topic: 'numbers/random', epoch: 9, seq: 41, time: 100, values: [0.1] },
      { topic: 'numbers/random', epoch: 9, seq: 42, time: 100.5, values: [2] },
    ])
  })

  test('an array too short for the selection is an empty line, not an error', async () => {
    expect(await print('odd', false, numbers(0, 1, 7))).toBe('#0\n')
    expect(JSON.parse(await print('odd', true, numbers(0, 1, 7)))).toMatchObject({ values: [] })
  })

  test('values of a foreign format have no sequence number', async () => {
    expect(JSON.parse(await print('all', true, numbers(undefined, 1, 7)))).not.toHaveProperty('seq')
  })

  test('what was written last is there when close resolves', async () => {
    const envelopes = Array.from({ length: 5000 }, (_, seq) => numbers(seq, 1, seq))
    const lines = (await print('all', false, ...envelopes)).trimEnd().split('\n')
    expect(lines).toHaveLength(5000)
    expect(lines.at(-1)).toMatch(/^#4999 /)
  })

  test('a full output holds the next envelope back', async () => {
    const taken: (() => void)[] = []
    const output = new Writable({ highWaterMark: 1, write: (_, __, done) => void taken.push(done) })
    const sink = new ConsoleSink({ output, selection: findSelection('all') })
    await sink.open()
    await sink.write(numbers(0, 1, 1))
    await new Promise(setImmediate)
    let held = true
    const writing = Promise.resolve(sink.write(numbers(1, 1, 1))).then(() => (held = false))
    await new Promise(setImmediate)
    expect(held).toBe(true)
    while (held) {
      taken.shift()?.()
      await new Promise(setImmediate)
    }
    await writing
    output.destroy()
    await sink.close()
  })
})

describe('ConsoleSink, of a block of many values', () => {
  const ROWS = 20_000
  const large = (): Envelope => numbers(0, ROWS, ...Array.from({ length: ROWS }, (_, index) => index))

  test('prints all of them, in order', async () => {
    const lines = (await print('all', true, large(), numbers(ROWS, 1, 1))).trimEnd().split('\n')
    const seqs = lines.map((line) => (JSON.parse(line) as { seq: number }).seq)
    expect(seqs).toEqual(Array.from({ length: ROWS + 1 }, (_, index) => index))
  })

  test('prints a long row as it prints a short one, whatever is selected', async () => {
    const values = Array.from({ length: 50_001 }, (_, index) => (index % 9 === 0 ? -0 : index / 8))
    for (const [client, wanted] of [
      ['all', () => true],
      ['even', (position: number) => position % 2 === 0],
      ['odd', (position: number) => position % 2 === 1],
    ] as const) {
      const chosen = values.filter((_, position) => wanted(position))
      const json = JSON.parse(await print(client, true, numbers(7, 1, ...values))) as object
      expect(json).toEqual({ topic: 'numbers/random', epoch: 9, seq: 7, time: 100, values: chosen })
      const text = await print(client, false, numbers(7, 1, ...values))
      expect(text.startsWith('#7 ') && text.indexOf('\n') === text.length - 1).toBe(true)
      expect(text.trim().split(/ +/).slice(1).map(Number)).toEqual(chosen.map((value) => value + 0))
    }
  })

  test('makes no more text than the output takes, and stops when it is closed', async () => {
    let taken = 0
    const pending: (() => void)[] = []
    const output = new Writable({
      highWaterMark: 1,
      write: (piece: Buffer, _, done) => {
        taken += piece.length
        pending.push(done)
      },
    })
    const sink = new ConsoleSink({ output, selection: findSelection('all'), json: true })
    const written = sink.write(large()) as Promise<void>
    await new Promise((resolve) => setImmediate(resolve))
    // A piece of 64 KiB and the line that made it full, of 2 MB in all.
    expect(output.writableLength).toBeLessThan(66_000)
    await sink.close()
    pending.shift()?.()
    await written
    pending.shift()?.()
    expect(taken).toBeLessThan(132_000)
  })
})
