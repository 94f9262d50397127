import { parseTopic, type Envelope, type NetworkReading } from '@zcast/shared'
import { heightOfRendition } from '@zcast/shared/internal'
import { RenditionChooser } from './rendition-chooser.ts'
import { StreamRates } from './stream-rates.ts'

/** A stream as it is, among its renditions. */
export const AS_IT_IS = ''

/** How often it is chosen at the most. */
const CHOOSE_EVERY_MS = 250

/** What takes the place of another is waited for so long to be as new as that, from when it is asked for. */
const CATCH_UP_MS = 1000

/** What a {@link RenditionStream} asks its subscriber for. */
export interface RenditionPorts {
  /** Subscribes to a topic; on a lane where its publisher has them. */
  readonly open: (topic: string, hasLanes: boolean) => void
  /** Takes that back. */
  readonly close: (topic: string) => void
  /** Tells that other renditions are wanted now, or that other ones are there. */
  readonly onChange: () => void
}

interface OpenOutput {
  /** Whether a picture of it was shown, so that the ones before it are not needed any more. */
  hasCome: boolean
  readonly openedAtMs: number
  readonly rates: StreamRates
}

/**
 * One stream and the renditions of it that are received in its place: the one that the network carries, and of those that
 * somebody asks for by name, such as one of several browsers, the ones that are no larger. What was received goes on until
 * the first newer picture of what takes its place has come.
 */
export class RenditionStream {
  /** The topic that was asked for. */
  readonly topic: string
  readonly #ports: RenditionPorts
  readonly #chooser = new RenditionChooser()
  readonly #wishes = new Map<symbol, string>()
  readonly #open = new Map<string, OpenOutput>([
    [AS_IT_IS, { hasCome: true, openedAtMs: 0, rates: new StreamRates() }],
  ])
  #targets: ReadonlySet<string> = new Set([AS_IT_IS])
  #announced: readonly string[] | undefined
  /** Smaller than the stream as it is, largest first. */
  #names: readonly string[] = []
  #heights: readonly number[] = []
  #height: number | undefined
  #newest: { readonly epoch: number | undefined; readonly time: number } | undefined
  #isLost = false
  /** Of the publisher that announces lanes. */
  #laneEpoch: number | undefined
  #reading: NetworkReading | undefined
  #choseAtMs = Number.NEGATIVE_INFINITY

  /** @param topic - Subscribed to already. */
  constructor(topic: string, ports: RenditionPorts) {
    this.topic = topic
    this.#ports = ports
  }

  /** The renditions that are smaller than the stream as it is, largest first. */
  get names(): readonly string[] {
    return this.#names
  }

  /** The heights in pixels of the stream as it is and of those; another array when there are others. */
  get heights(): readonly number[] {
    return this.#heights
  }

  /** What the network carries; {@link AS_IT_IS} or a rendition. */
  get chosen(): string {
    return this.#outputs[this.#chooser.current] ?? AS_IT_IS
  }

  /** Whether there is none smaller than the one chosen. */
  get isSmallest(): boolean {
    return this.#chooser.isSmallest
  }

  /** What was wanted and carried when it was chosen, of the one before. */
  get reading(): NetworkReading | undefined {
    return this.#reading
  }

  /** The topic of an output. */
  topicOf(output: string): string {
    return output === AS_IT_IS ? this.topic : this.topic.replace('/', `@${output}/`)
  }

  /** The topics that are received now. */
  get topics(): readonly string[] {
    return [...this.#open.keys()].map((output) => this.topicOf(output))
  }

  /** Asks for a rendition beside what the network carries, or no larger than that. @returns A function that ends it. */
  wish(output: string): () => void {
    const wish = Symbol(output)
    this.#wishes.set(wish, output)
    this.#aim()
    return () => {
      if (this.#wishes.delete(wish)) this.#aim()
    }
  }

  /** What is shown to somebody who asks for a rendition: that one, or what the network carries where that is smaller. */
  resolve(output: string): string {
    return this.#outputs[Math.max(this.#outputs.indexOf(output), this.#chooser.current)] ?? AS_IT_IS
  }

  /** A picture came that had not come before. @returns Whether it is to be shown. */
  arrived(envelope: Envelope, nowMs: number): boolean {
    const { topic, epoch, block, retained = false } = envelope
    if (block.kind !== 'video') return true
    const output = parseTopic(topic)?.rendition ?? AS_IT_IS
    if (output === AS_IT_IS) this.#height = block.height
    this.#learn(envelope)
    const one = this.#open.get(output)
    // Left behind, and on its way still.
    if (!one) return false
    if (epoch !== this.#newest?.epoch) for (const { rates } of this.#open.values()) rates.restart()
    if (!retained) one.rates.arrived(block, nowMs)
    if (!one.hasCome) {
      const isPatient = nowMs - one.openedAtMs < CATCH_UP_MS
      if (retained || !this.#targets.has(output) || (isPatient && this.#isBehind(envelope))) return false
      one.hasCome = true
      this.#leave()
    }
    this.#newest = { epoch, time: block.time }
    // What comes on a lane says nothing of them.
    if (envelope.lanes) this.#laneEpoch = epoch
    else if (epoch !== this.#laneEpoch) this.#laneEpoch = undefined
    if (this.#isLost) {
      this.#isLost = false
      this.#aim()
    }
    this.#choose(output, one, nowMs)
    return true
  }

  /** Nothing comes: turns back to the stream as it is, which is there whatever its publisher is. */
  turnBack(): void {
    if (!this.#open.has(AS_IT_IS)) this.#isLost = true
    this.#laneEpoch = undefined
    this.#chooser.reset()
    this.#aim()
  }

  get #outputs(): readonly string[] {
    return [AS_IT_IS, ...this.#names]
  }

  /** Whether what it takes the place of was newer. Where another one goes on, that is of somebody else. */
  #isBehind({ epoch, block }: Envelope): boolean {
    if (!this.#newest || epoch !== this.#newest.epoch || block.time >= this.#newest.time) return false
    return ![...this.#targets].some((output) => this.#open.get(output)?.hasCome)
  }

  #learn({ renditions = [], block }: Envelope): void {
    const height = this.#height ?? (block.kind === 'video' ? block.height : 0)
    const names = renditions.filter((name) => (heightOfRendition(name) as number) < height)
    if (names.join(' ') === this.#announced?.join(' ')) return
    this.#announced = names
    this.#names = names
    this.#heights = [height, ...names.map((name) => heightOfRendition(name) as number)]
    this.#chooser.offer(this.#heights)
    this.#aim()
    this.#ports.onChange()
  }

  #choose(output: string, { rates }: OpenOutput, nowMs: number): void {
    if (output !== this.chosen || nowMs - this.#choseAtMs < CHOOSE_EVERY_MS) return
    this.#choseAtMs = nowMs
    const { reading } = rates
    if (reading && this.#chooser.observe({ nowMs, ...reading })) {
      this.#reading = reading
      this.#aim()
      this.#ports.onChange()
    }
  }

  /** Subscribes to what is wanted now; what is not is left once that has come. */
  #aim(): void {
    const wishes = this.#isLost ? [] : [...this.#wishes.values()]
    this.#targets = new Set(wishes.length > 0 ? wishes.map((wish) => this.resolve(wish)) : [this.chosen])
    for (const output of this.#targets) {
      if (this.#open.has(output)) continue
      this.#open.set(output, { hasCome: false, openedAtMs: performance.now(), rates: new StreamRates() })
      this.#ports.open(this.topicOf(output), this.#laneEpoch !== undefined)
    }
    this.#leave()
  }

  #leave(): void {
    for (const output of this.#targets) if (!this.#open.get(output)?.hasCome) return
    for (const output of this.#open.keys()) {
      if (this.#targets.has(output)) continue
      this.#open.delete(output)
      this.#ports.close(this.topicOf(output))
    }
  }
}
