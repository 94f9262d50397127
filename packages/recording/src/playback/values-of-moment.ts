import type { History, RecordedBlock } from '@zcast/subscribers'
import type { PlayedSoFar } from './played-so-far.ts'
import { isStill } from './topic-nature.ts'

/** What the values of a moment are shown to. */
export interface MomentListener {
  /** True where a topic is wanted. */
  readonly wants: (topic: string) => boolean
  /** Takes the newest value of the moment `at`. */
  readonly take: (latest: RecordedBlock, at: number) => Promise<void> | void
  /** True when something else is to be done first. */
  readonly isMoved: () => boolean
}

/** The newest pictures and numbers of a moment, which come first where playing begins there. */
export class ValuesOfMoment {
  readonly #history: History
  readonly #played: PlayedSoFar
  /** True where what was recorded before `#from` is left out. */
  readonly #isExact: boolean
  readonly #from: number
  readonly #topics = new Set<string>()
  /** True where everything is played anyway, but for what a file has of the time before it. */
  #isBeginning = false

  constructor(history: History, played: PlayedSoFar, from: number, isExact: boolean) {
    this.#history = history
    this.#played = played
    this.#from = from
    this.#isExact = isExact
  }

  /** What is wanted, and has been before, is shown first: what was sent only once would be missing. */
  addEarlier(wanted: Iterable<string>): void {
    if (this.#isExact) return
    const { place } = this.#played
    this.addAll(wanted)
    this.#isBeginning = place <= (this.#history.from ?? place)
  }

  /** Adds those of all topics. */
  addAll(wanted: Iterable<string>): void {
    this.#isBeginning = false
    for (const topic of wanted) this.add(topic)
  }

  /** Adds that of a topic, where a moment has one. */
  add(topic: string): void {
    if (isStill(topic)) this.#topics.add(topic)
  }

  clear(): void {
    this.#topics.clear()
  }

  /** Hands over those that were added. */
  async show({ wants, take, isMoved }: MomentListener): Promise<void> {
    const topics = [...this.#topics]
    const isBeginning = this.#isBeginning
    this.#isBeginning = false
    this.#topics.clear()
    for (const topic of topics) {
      const at = this.#played.sinceOf(topic) ?? this.#played.place
      const latest = await this.#history.latest(topic, at)
      if (isMoved()) return
      if (isBeginning && !latest?.isRetained) continue
      this.#played.wantAfter(topic, Math.max(at, latest?.recordedAt ?? at))
      const isEarlier = latest && (latest.isRetained || latest.recordedAt < this.#from)
      const isMeant = latest && (!isEarlier || !this.#isExact)
      if (isMeant && wants(topic)) await take(latest, at)
    }
  }
}
