import { fork, type ChildProcess } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { readHolding, type Holding } from '../support/proc.ts'
import { NumbersSeen } from './numbers-seen.ts'

const VIEWER = fileURLToPath(new URL('lane-viewer.js', import.meta.url))

/** How its process is told what to do. */
export interface LaneViewerOptions {
  readonly endpoint: string
  readonly heartbeatMs: number
  /** Its own keys, and the publisher's public one; not encrypted without. */
  readonly keys?: { readonly publicKey: string; readonly secretKey: string } | undefined
  readonly serverKey?: string | undefined
}

/** What it tells of each picture that it shows. */
export interface LaneViewerPicture {
  readonly epoch: number
  readonly seq: number
  /** When it was taken, in seconds since the Unix epoch. */
  readonly takenAt: number
  /** How many were withheld so far, by its own account. */
  readonly withheld: number
}

/** What it says of itself at its end. */
export interface LaneViewerEnd {
  readonly received: number
  readonly lost: number
  readonly withheld: number
  readonly skipped: number
  readonly invalid: number
  readonly duplicate: number
}

/** How it ended, and sentences on everything that does not add up. */
export interface LaneTestimony extends LaneViewerEnd {
  readonly contradictions: readonly string[]
}

/** A viewer in a process of its own whose every picture is written down. */
export class LaneWitness {
  readonly #child: ChildProcess
  readonly #seen = new NumbersSeen('picture')
  readonly #listeners = new Set<() => void>()
  #shown = 0
  #takenAt = 0
  #withheld = 0
  #end: LaneViewerEnd | undefined
  #isOver = false

  /** @param path - Of a file that its options are written to: keys are nothing for a command line. */
  static async start(path: string, options: LaneViewerOptions): Promise<LaneWitness> {
    await writeFile(path, JSON.stringify(options), { mode: 0o600 })
    return new LaneWitness(path)
  }

  private constructor(path: string) {
    this.#child = fork(VIEWER, [path], { detached: true })
    this.#child.on('message', (told) => this.#take(told as LaneViewerPicture | LaneViewerEnd))
    this.#child.on('close', () => {
      this.#isOver = true
      this.#tell()
    })
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** Its memory and descriptors now. */
  get holding(): Holding | undefined {
    return readHolding(this.pid)
  }

  /** Waits until it shows a picture that was taken later than that, in seconds since the Unix epoch. */
  async newerThan(time: number): Promise<void> {
    await this.#until(() => this.#takenAt > time)
  }

  /** Waits until it shows what comes on a lane: only there is anything withheld. */
  async onLane(): Promise<void> {
    const before = this.#withheld
    await this.#until(() => this.#withheld > before)
  }

  /** Ends it, and compares. */
  async testify(): Promise<LaneTestimony> {
    this.#child.send('end')
    await this.#until(() => this.#end !== undefined)
    const end = this.#end as LaneViewerEnd
    const contradictions = [...this.#seen.disorder]
    const { span } = this.#seen
    const { received, lost, withheld, skipped, invalid, duplicate } = end
    if (received + lost + withheld !== span)
      contradictions.push(`received ${received} + lost ${lost} + withheld ${withheld} is not ${span}`)
    if (received !== this.#shown + skipped)
      contradictions.push(`received ${received} is not shown ${this.#shown} + skipped ${skipped}`)
    if (invalid > 0) contradictions.push(`invalid ${invalid}`)
    if (duplicate > 0) contradictions.push(`duplicate ${duplicate}`)
    return { ...end, contradictions }
  }

  /** Ends it by force, whatever it does. */
  kill(): void {
    this.#child.kill('SIGKILL')
  }

  async #until(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) {
      if (this.#isOver) throw new Error('the viewer ended')
      await new Promise<void>((resolve) => this.#listeners.add(resolve))
    }
  }

  #take(told: LaneViewerPicture | LaneViewerEnd): void {
    if ('epoch' in told) this.#show(told)
    else this.#end = told
    this.#tell()
  }

  #show({ epoch, seq, takenAt, withheld }: LaneViewerPicture): void {
    this.#shown += 1
    this.#takenAt = takenAt
    this.#withheld = withheld
    this.#seen.add(epoch, seq)
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
    this.#listeners.clear()
  }
}
