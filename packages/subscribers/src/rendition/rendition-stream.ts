import { type Envelope, type NetworkReading, parseTopic } from '@zcast/shared'
import { heightOfRendition } from '@zcast/shared/internal'
import { RenditionChooser } from './rendition-chooser.ts'
import { StreamRates } from './stream-rates.ts'

/** The name of the stream itself, among its renditions. */
export const AS_IT_IS = ''

/** The shortest interval between choices. */
const CHOOSE_EVERY_MS = 250

/** The time for which a replacement may lag behind what it replaces, from when it is subscribed to. */
const CATCH_UP_MS = 1000

/** The requests of a {@link RenditionStream} to its subscriber. */
export interface RenditionPorts {
  /** Subscribes to a topic; on a lane when its publisher has them. */
  readonly open: (topic: string, hasLanes: boolean) => void
  /** Cancels that subscription. */
  readonly close: (topic: string) => void
  /** Called when other renditions are wanted now, or available. */
  readonly onChange: () => void
}

interface OpenOutput {
  /** True when a picture of it was shown, so that the ones before it are no longer needed. */
  hasCome: boolean
  readonly openedAtMs: number
  readonly rates: StreamRates
}

/**
 * One stream and the renditions of it that are received in its place: the one that the network carries, and of those
 * requested by name, for example by one of several browsers, the ones that are no larger. The current one continues
 * until the first newer picture of its replacement has come.
 */
export class RenditionStream {
  /** The topic that was subscribed to. */
  readonly topic: string
  readonly #ports: RenditionPorts
  readonly #chooser = new RenditionChooser()
  readonly #wishes = new Map<symbol, string>()
  readonly #open = new Map<string, OpenOutput>([
    [AS_IT_IS, { hasCome: true, openedAtMs: 0, rates: new StreamRates() }],
  ])
  #targets: ReadonlySet<string> = new Set([AS_IT_IS])
  #announced: readonly string[] | undefined
  /** Renditions smaller than the stream itself, largest first. */
  #names: readonly string[] = []
  #heights: readonly number[] = []
  #height: number | undefined
  #newest: { readonly epoch: number | undefined; readonly time: number } | undefined
  #isLost = false
  /** The epoch of a publisher that announces lanes. */
  #laneEpoch: number | undefined
  #reading: NetworkReading | undefined
  #choseAtMs = Number.NEGATIVE_INFINITY

  /** @param topic - Already subscribed to. */
  constructor(topic: string, ports: RenditionPorts) {
    this.topic = topic
    this.#ports = ports
  }

  /** The renditions that are smaller than the stream itself, largest first. */
  get names(): readonly string[] {
    return this.#names
  }

  /** The heights in pixels of the stream itself and of those; a new array when they change. */
  get heights(): readonly number[] {
    return this.#heights
  }

  /** The output that the network carries; {@link AS_IT_IS} or a rendition. */
  get chosen(): string {
    return this.#outputs[this.#chooser.current] ?? AS_IT_IS
  }

  /** True when there is none smaller than the chosen one. */
  get isSmallest(): boolean {
    return this.#chooser.isSmallest
  }

  /** The wanted and the carried rate of the previous output when this one was chosen. */
  get reading(): NetworkReading | undefined {
    return this.#reading
  }

  /** The topic of an output. */
  topicOf(output: string): string {
    return output === AS_IT_IS ? this.topic : this.topic.replace('/', `@${output}/`)
  }

  /** The topics being received now. */
  get topics(): readonly string[] {
    return [...this.#open.keys()].map((output) => this.topicOf(output))
  }

  /**
   * Requests a rendition in addition to what the network carries, or no larger than that. @returns A function that ends
   * the request.
   */
  wish(output: string): () => void {
    const wish = Symbol(output)
    this.#wishes.set(wish, output)
    this.#aim()
    return () => {
      if (this.#wishes.delete(wish)) this.#aim()
    }
  }

  /**
   * The output shown to a viewer that requests a rendition: that one, or what the network carries if that is smaller.
   */
  resolve(output: string): string {
    return this.#outputs[Math.max(this.#outputs.indexOf(output), this.#chooser.current)] ?? AS_IT_IS
  }

  /** Notes a new picture. @returns True when it should be shown. */
  arrived(envelope: Envelope, nowMs: number): boolean {
    const { topic, epoch, block, retained = false } = envelope
    if (block.kind !== 'video') return true
    const output = parseTopic(topic)?.rendition ?? AS_IT_IS
    if (output === AS_IT_IS) this.#height = block.height
    this.#learn(envelope)
    const one = this.#open.get(output)
    // It was left, and is still in transit.
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
    // A picture on a lane does not announce lanes.
    if (envelope.lanes) this.#laneEpoch = epoch
    else if (epoch !== this.#laneEpoch) this.#laneEpoch = undefined
    if (this.#isLost) {
      this.#isLost = false
      this.#aim()
    }
    this.#choose(output, one, nowMs)
    return true
  }

  /** Returns to the stream itself because nothing comes; every publisher has that. */
  turnBack(): void {
    if (!this.#open.has(AS_IT_IS)) this.#isLost = true
    this.#laneEpoch = undefined
    const before = this.chosen
    this.#chooser.reset()
    this.#aim()
    if (this.chosen !== before) this.#ports.onChange()
  }

  get #outputs(): readonly string[] {
    return [AS_IT_IS, ...this.#names]
  }

  /** True when the output it replaces was newer. When another output continues, it belongs to another viewer. */
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

  /**
   * Subscribes to what is wanted now; an output that is not wanted is left once its replacement has come, or at once
   * when nothing of it is shown.
   */
  #aim(): void {
    const wishes = this.#isLost ? [] : [...this.#wishes.values()]
    this.#targets = new Set(wishes.length > 0 ? wishes.map((wish) => this.resolve(wish)) : [this.chosen])
    for (const [output, { hasCome }] of this.#open)
      if (!hasCome && !this.#targets.has(output)) this.#close(output)
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
      if (!this.#targets.has(output)) this.#close(output)
    }
  }

  #close(output: string): void {
    this.#open.delete(output)
    this.#ports.close(this.topicOf(output))
  }
}
