import { wallClock } from '@zcast/shared'
import { readHolding, type Holding } from '../support/proc.ts'
import { ZcastProcess } from '../support/zcast-process.ts'
import { NumbersSeen } from './numbers-seen.ts'

/** How a witness ended: what it says of itself against what it printed. */
export interface Testimony {
  readonly received: number
  readonly lost: number
  /** Sentences on everything that does not add up. */
  readonly contradictions: readonly string[]
}

/** A client whose every value is written down. */
export class Witness {
  readonly #process: ZcastProcess
  readonly #seen = new NumbersSeen('value')
  readonly #listeners = new Set<() => void>()
  #values = 0
  #heardAt = 0

  /** @param options - Of `zcast client 3`: where it connects to, and so on. */
  constructor(name: string, options: readonly (string | number)[], logFolder: string) {
    const onOutput = (line: string): void => this.#take(line)
    this.#process = new ZcastProcess(name, ['client', '3', '--json', ...options], { onOutput, logFolder })
    // Or whoever waits for more would wait for ever.
    void this.#process.ended.then(() => this.#tell())
  }

  get pid(): number {
    return this.#process.pid
  }

  /** Its memory and descriptors now. */
  get holding(): Holding | undefined {
    return readHolding(this.pid)
  }

  /** When the newest value was printed, in seconds since the Unix epoch. */
  get heardAt(): number {
    return this.#heardAt
  }

  /** How many values it has printed. */
  get values(): number {
    return this.#values
  }

  /** Waits until it has printed so many more values. */
  async more(count: number): Promise<void> {
    const goal = this.#values + count
    while (this.#values < goal) {
      if (this.#process.end !== undefined)
        throw new Error(`${this.#process.name} ended: ${this.#process.stderr.join(' | ')}`)
      await new Promise<void>((resolve) => this.#listeners.add(resolve))
    }
  }

  /** Ends it, and compares. @param inOrder - Whether values must have come in order. */
  async testify(inOrder: boolean): Promise<Testimony> {
    const end = await this.#process.stop()
    const summary = this.#process.stderr.at(-1) ?? ''
    const [received = -1, lost = -1] =
      /^received (\d+), lost (\d+),/.exec(summary)?.slice(1).map(Number) ?? []
    const contradictions = inOrder ? [...this.#seen.disorder] : []
    if (end !== 0) contradictions.push(`it ended with ${end}: ${summary}`)
    if (received !== this.#values) contradictions.push(`it received ${received} and printed ${this.#values}`)
    const { span } = this.#seen
    if (received + lost !== span) contradictions.push(`received ${received} + lost ${lost} is not ${span}`)
    return { received, lost, contradictions }
  }

  #take(line: string): void {
    const { epoch, seq } = JSON.parse(line) as { epoch: number; seq: number }
    this.#heardAt = wallClock()
    this.#values += 1
    this.#seen.add(epoch, seq)
    this.#tell()
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
    this.#listeners.clear()
  }
}
