import { EventEmitter } from 'node:events'
import { TerminalEmulator } from '@zcast/testing/machine/terminal-emulator'

/** The output side of a terminal without a descriptor, read by an emulator. It can be told to stop reading. */
export class FakeOutput extends EventEmitter {
  readonly isTTY = true
  readonly emulator: TerminalEmulator
  /** Everything written. */
  written = ''
  #stalled = false
  #waiting: (() => void)[] = []

  constructor(columns: number, rows: number) {
    super()
    this.emulator = new TerminalEmulator(columns, rows)
  }

  get columns(): number {
    return this.emulator.columns
  }

  get rows(): number {
    return this.emulator.rows
  }

  write(chunk: string | Uint8Array, callback?: (error?: Error | null) => void): boolean {
    this.written += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8')
    this.emulator.write(chunk)
    const taken = (): void => {
      callback?.()
      this.emit('taken')
    }
    if (this.#stalled) this.#waiting.push(taken)
    else setImmediate(taken)
    return !this.#stalled
  }

  /** Reads no more; writes stay unfinished. */
  stall(): void {
    this.#stalled = true
  }

  /** Reads again. */
  drain(): void {
    this.#stalled = false
    for (const taken of this.#waiting.splice(0)) taken()
  }

  resize(columns: number, rows: number): void {
    this.emulator.resize(columns, rows)
    this.emit('resize')
  }
}

/** A keyboard. */
export class FakeInput extends EventEmitter {
  readonly isTTY = true
  isRaw = false
  isPaused = true

  setRawMode(raw: boolean): void {
    this.isRaw = raw
  }

  resume(): void {
    this.isPaused = false
  }

  pause(): void {
    this.isPaused = true
  }

  type(text: string): void {
    this.emit('data', Buffer.from(text, 'latin1'))
  }
}
