import { Writable } from 'node:stream'
import { describe, expect, test } from '@jest/globals'
import { LineWriter } from '../../../src/sinks/line-writer.ts'

/** An output that takes a piece when it is told to. */
class StalledOutput extends Writable {
  readonly pieces: string[] = []
  #taken: (() => void) | undefined

  constructor() {
    super({ highWaterMark: 10, decodeStrings: false })
  }

  override _write(piece: string, _: BufferEncoding, taken: () => void): void {
    this.pieces.push(piece)
    this.#taken = taken
  }

  take(): void {
    this.#taken?.()
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

async function isPending(promise: Promise<void>): Promise<boolean> {
  let pending = true
  void promise.then(() => (pending = false))
  await turn()
  return pending
}

describe('LineWriter', () => {
  test('lines are written together when the event loop turns', async () => {
    const output = new StalledOutput()
    const writer = new LineWriter(output)
    expect(writer.write('a\n')).toBeUndefined()
    expect(writer.write('b\n')).toBeUndefined()
    expect(output.pieces).toEqual([])
    await turn()
    expect(output.pieces).toEqual(['a\nb\n'])
  })

  test('64 KiB are written at once', () => {
    const output = new StalledOutput()
    const writer = new LineWriter(output)
    void writer.write('x'.repeat(64 * 1024))
    expect(output.pieces).toHaveLength(1)
  })

  test('a full output holds back the writer of single lines too', async () => {
    const output = new StalledOutput()
    const writer = new LineWriter(output)
    void writer.write('a long line\n')
    await turn()
    const held = writer.write('next\n') as Promise<void>
    expect(await isPending(held)).toBe(true)
    output.take()
    await turn()
    output.take()
    await held
    expect(output.pieces).toEqual(['a long line\n', 'next\n'])
  })

  test('however long the output is full, one wait is all that listens to it', async () => {
    const output = new StalledOutput()
    const writer = new LineWriter(output)
    for (let line = 0; line < 50; line++) {
      void writer.write(`line number ${line}\n`)
      await turn()
    }
    expect(output.listenerCount('drain')).toBe(1)
    output.destroy()
    await writer.flush()
    expect(output.listenerCount('drain')).toBe(0)
  })

  test('an output whose reader has gone holds nobody back', async () => {
    const output = new StalledOutput()
    output.on('error', () => undefined)
    const writer = new LineWriter(output)
    void writer.write('a long line\n')
    await turn()
    const held = writer.write('next\n')
    output.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
    await held
    expect(writer.write('more\n')).toBeUndefined()
    expect(writer.flush()).toBeUndefined()
  })

  test('flushing nothing writes nothing', () => {
    const output = new StalledOutput()
    expect(new LineWriter(output).flush()).toBeUndefined()
    expect(output.pieces).toEqual([])
  })
})
