import type { Log } from '@zcast/shared'
import type { RecordedBlock } from '@zcast/subscribers'
import type { WebChannel } from '../server/channels/web-channel.ts'
import type { Past } from './past.ts'
import type { MomentMessage, PastMessage } from './past-messages.ts'
import { playPast } from './past-player.ts'
import { type PastQuestion, readPastQuestion, readShownTopics } from './past-question.ts'
import { PictureOutlet } from './picture-outlet.ts'
import { loadShrinking, shrinkPicture } from './shrink-picture.ts'
import { errorMessage } from '@zcast/shared/internal'

const GOT = /^got (\d{1,15})$/
/** Pictures of a moment that are read at once. */
const READ_AT_ONCE = 4
const TICK_SECONDS = 1e-6
const BEGINNING_SECONDS = 1

/**
 * One page that looks at the past. It says which pictures it shows (`show`) and at which moment (`past-question.ts`), and
 * is sent those pictures; `rest` ends that. Only its newest question counts, whatever it asked before, so that dragging
 * along the timeline shows the newest moment, however slow disk and network are.
 */
export class PastViewer {
  readonly #channel: WebChannel
  readonly #past: Past
  readonly #log: Log | undefined
  readonly #outlet: PictureOutlet
  #shown: readonly string[] = []
  #question: PastQuestion | undefined
  #isWorking = false
  #isClosed = false
  /** What the page shows of each topic, so that it is not sent again. */
  readonly #sent = new Map<string, { readonly recordedAt: number; readonly width: number }>()
  /** The topic to begin with: else those at the end would wait for ever while the moment changes. */
  #turn = 0

  constructor(channel: WebChannel, past: Past, log?: Log) {
    this.#channel = channel
    this.#past = past
    this.#log = log
    this.#outlet = new PictureOutlet(channel)
    channel.onMessage((text) => this.#take(text))
    channel.onClose(() => (this.#isClosed = true))
  }

  #take(text: string): void {
    const got = GOT.exec(text)?.[1]
    if (got !== undefined) return this.#outlet.got(Number(got))
    const question = readPastQuestion(text)
    const shown = readShownTopics(text)
    if (shown) {
      this.#shown = shown
      for (const topic of this.#sent.keys()) if (!shown.includes(topic)) this.#sent.delete(topic)
    } else if (question) {
      this.#question = question
      // Who looks back may drag along the timeline next; without it, pictures are sent as they are.
      loadShrinking().catch(() => undefined)
    } else if (text === 'rest') {
      this.#question = undefined
      this.#sent.clear()
    } else return this.#channel.close(1008)
    this.#outlet.wake()
    void this.#work()
  }

  async #work(): Promise<void> {
    if (this.#isWorking) return
    this.#isWorking = true
    let answered: PastQuestion | undefined
    try {
      while (!this.#isClosed && this.#question && this.#question !== answered) {
        answered = this.#question
        await this.#answer(answered)
      }
    } catch (error) {
      this.#log?.warning(
        `the past cannot be shown: ${errorMessage(error)}`,
        error,
        'the past cannot be shown',
      )
      this.#channel.close(1001)
    } finally {
      this.#isWorking = false
    }
  }

  async #answer(question: PastQuestion): Promise<void> {
    const time = question.kind === 'step' ? await this.#findStep(question) : question.time
    await this.#showMoment(question, time)
    if (question.kind === 'play' && this.#isWanted(question)) await this.#play(question)
  }

  #isWanted(question: PastQuestion): boolean {
    return this.#question === question && !this.#isClosed
  }

  /** The time of the next picture before or after a moment; the moment itself when there is none. */
  async #findStep({ time, direction }: PastQuestion & { readonly kind: 'step' }): Promise<number> {
    const { history } = this.#past
    const topics = this.#shown
    if (topics.length === 0) return time
    if (direction > 0) {
      for await (const { recordedAt } of history.blocks({ topics, from: time + TICK_SECONDS }))
        return recordedAt
      return time
    }
    const timesAt = async (moment: number): Promise<readonly number[]> => {
      const latest = await Promise.all(topics.map((topic) => history.latest(topic, moment)))
      // No picture came when a file began with one.
      return latest.flatMap((block) => (block && !block.isRetained ? block.recordedAt : []))
    }
    const now = Math.max(...(await timesAt(time + TICK_SECONDS)))
    const times = await timesAt(now - TICK_SECONDS)
    return times.length === 0 ? time : Math.max(...times)
  }

  async #showMoment(question: PastQuestion, time: number): Promise<void> {
    const all = this.#shown
    const topics = all.map((_, index) => all[(index + this.#turn) % all.length] as string)
    const missing: string[] = []
    for (let index = 0; index < topics.length; index += READ_AT_ONCE) {
      const read = topics.slice(index, index + READ_AT_ONCE)
      // A page knows times to a microsecond, which may be one before the picture that it means.
      const until = time + TICK_SECONDS
      const blocks = await Promise.all(read.map((topic) => this.#findToShow(topic, until, question)))
      for (const [at, topic] of read.entries()) {
        while (this.#isWanted(question) && !this.#outlet.hasRoom(topic)) await this.#outlet.change()
        if (!this.#isWanted(question)) {
          this.#turn += index + at
          return
        }
        const block = blocks[at]
        if (block) this.#send(block, question)
        else missing.push(topic)
      }
    }
    const told: MomentMessage = { type: 'moment', request: question.request, time, missing }
    this.#tell(told)
  }

  /** The picture of a moment, as wide as the page needs it. */
  async #findToShow(topic: string, time: number, question: PastQuestion): Promise<RecordedBlock | undefined> {
    const block = await this.#find(topic, time)
    const width = question.kind === 'at' ? question.width : undefined
    if (!block || width === undefined || !this.#isWanted(question)) return block
    return this.#sent.get(topic)?.recordedAt === block.recordedAt ? block : shrinkPicture(block, width)
  }

  /** The picture of a moment. Streams begin one after the other: at the beginning, the first one counts already. */
  async #find(topic: string, time: number): Promise<RecordedBlock | undefined> {
    const { history } = this.#past
    const block = await history.latest(topic, time)
    const beginning = (history.from ?? time) + BEGINNING_SECONDS
    if (block || time > beginning) return block
    for await (const first of history.blocks({ topics: [topic], from: time, to: beginning })) return first
    return undefined
  }

  async #play(question: PastQuestion & { readonly kind: 'play' }): Promise<void> {
    const { history, isLive, flush } = this.#past
    /** The newest of each topic that is due, and waits for room. */
    const due = new Map<string, RecordedBlock>()
    const sendDue = (): void => {
      for (const [topic, block] of due) {
        if (!this.#outlet.hasRoom(topic)) continue
        due.delete(topic)
        this.#send(block, question)
      }
    }
    await playPast(
      { history, isLive, flush, topics: this.#shown, from: question.time, speed: question.speed },
      {
        onBlock: (block) => {
          due.delete(block.envelope.topic)
          due.set(block.envelope.topic, block)
          sendDue()
        },
        wait: async (ms) => {
          await this.#outlet.change(ms)
          sendDue()
        },
        isWanted: () => this.#isWanted(question),
      },
    )
    for (; this.#isWanted(question) && due.size > 0; sendDue()) await this.#outlet.change()
    if (this.#isWanted(question)) this.#tell({ type: 'reached', request: question.request })
  }

  #send(recorded: RecordedBlock, question: PastQuestion): void {
    const { recordedAt, envelope } = recorded
    const { topic, block } = envelope
    const width = block.kind === 'video' ? block.width : 0
    const sent = this.#sent.get(topic)
    const isMoving = question.kind === 'at' && question.width !== undefined
    // Once the moment stands still, a smaller copy is followed by the picture itself.
    if (sent?.recordedAt === recordedAt && (isMoving || sent.width >= width)) return
    this.#sent.set(topic, { recordedAt, width })
    this.#outlet.send(recorded, question.request)
  }

  #tell(message: PastMessage): void {
    this.#channel.send(JSON.stringify(message))
  }
}
