import type { Writable } from 'node:stream'
import type { Envelope } from '@zcast/shared'
import { isSound } from '@zcast/shared/internal'
import { LineWriter } from '../line-writer.ts'
import type { Sink, SinkContext } from '../sink.ts'
import { decibels, SoundLevel, type Loudness } from './sound-level.ts'

/** Options of a {@link LevelSink}. */
export interface LevelSinkOptions {
  readonly output: Writable
  /** `json`: an object a line and second; `meter`: a bar that moves, for a terminal; `lines`: a bar a second. */
  readonly format: 'json' | 'meter' | 'lines'
}

const SECOND_MS = 1000
const METER_MS = 100
const BAR_CELLS = 30
/** What the empty bar stands for. */
const BAR_DECIBELS = 60
/** Streams told apart; those of further ones are not shown. */
const MAX_STREAMS = 256

/** Shows how loud each stream is. */
export class LevelSink implements Sink {
  readonly #format: LevelSinkOptions['format']
  readonly #lines: LineWriter
  readonly #levels = new Map<string, SoundLevel>()
  #context: SinkContext | undefined
  #timer: NodeJS.Timeout | undefined

  constructor({ output, format }: LevelSinkOptions) {
    this.#format = format
    this.#lines = new LineWriter(output)
  }

  open(context: SinkContext): Promise<void> {
    this.#context = context
    this.#timer = setInterval(() => this.#show(), this.#format === 'meter' ? METER_MS : SECOND_MS)
    return Promise.resolve()
  }

  write({ topic, retained, block }: Envelope): void {
    if (!isSound(block) || block.format !== 's16' || retained) return
    let level = this.#levels.get(topic)
    if (!level) {
      if (this.#levels.size >= MAX_STREAMS) return
      this.#levels.set(topic, (level = new SoundLevel()))
    }
    level.add(block)
  }

  /** Leaves what it showed last. May be called twice. */
  async close(): Promise<void> {
    if (this.#timer && this.#format === 'meter') void this.#lines.write('\n')
    clearInterval(this.#timer)
    this.#timer = undefined
    await this.#lines.flush()
  }

  #show(): void {
    for (const [topic, level] of this.#levels) {
      const loudness = level.read()
      if (!loudness) continue
      // One line has room for one stream: of several the last one that sounds is seen.
      if (this.#format === 'meter') void this.#lines.write(`\r${barOf(topic, loudness)}\u001B[K`)
      else if (this.#format === 'lines') void this.#lines.write(`${barOf(topic, loudness)}\n`)
      else void this.#lines.write(`${JSON.stringify(this.#report(topic, loudness))}\n`)
    }
  }

  #report(topic: string, { rms, peak }: Loudness): object {
    const accounts = this.#context?.statistics.topics.get(topic)
    const lost = accounts?.sequence.totals().lost ?? 0
    return { type: 'level', topic, rms: round(rms, 4), peak: round(peak, 4), lost }
  }
}

/** `audio/main  [##########--------------------]  rms -18.2 dB  peak -3.1 dB` */
function barOf(topic: string, { rms, peak }: Loudness): string {
  const share = 1 + decibels(rms) / BAR_DECIBELS
  const cells = Math.round(Math.min(Math.max(share, 0), 1) * BAR_CELLS)
  const bar = '#'.repeat(cells).padEnd(BAR_CELLS, '-')
  const show = (level: number): string => `${decibels(level).toFixed(1).padStart(5)} dB`
  return `${topic}  [${bar}]  rms ${show(rms)}  peak ${show(peak)}`
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
