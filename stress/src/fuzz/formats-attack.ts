import { zeromq } from '@zcast/shared/internal'
import type { Random } from '../support/random.ts'
import { freePorts } from '../support/free-ports.ts'
import { until, type Attack, type AttackReport } from './attack.ts'
import { mutate } from './mutate.ts'
import { makePictures } from './pictures.ts'
import { BAD_MESSAGE, Victim } from './victim.ts'

const MESSAGES_A_ROUND = 100
const GOOD_SHARE = 0.3

interface Counts {
  readonly received: number
  readonly lost: number | null
  readonly invalid: number
  readonly unsupported: number
}

/** Attacks a hub of imagezmq cameras: with bad messages among good ones, each of which must be answered. */
export class FormatsAttack implements Attack {
  readonly #random: Random
  readonly #camera: InstanceType<ReturnType<typeof zeromq>['Dealer']>
  readonly #messages: readonly (readonly Buffer[])[]
  readonly #victim: Victim
  readonly #reading: Promise<void>
  #counts: Counts | undefined
  #good = 0
  #sent = 0
  #answers = 0

  static async open(folder: string, random: Random): Promise<FormatsAttack> {
    const [port] = await freePorts(1)
    const jpegs = await makePictures(random)
    const messages = jpegs.map(({ data }, index) => [
      Buffer.from(JSON.stringify({ msg: `pi ${index}` })),
      data,
    ])
    const pixels = { msg: 'raw', dtype: 'uint8', shape: [48, 64, 3] }
    messages.push([Buffer.from(JSON.stringify(pixels)), random.bytes(48 * 64 * 3)])
    return new FormatsAttack(folder, random, `tcp://${ownAddress(random)}:${port}`, messages)
  }

  private constructor(
    folder: string,
    random: Random,
    endpoint: string,
    messages: readonly (readonly Buffer[])[],
  ) {
    this.#random = random
    this.#messages = messages
    const args = ['viewer', 2, '--show', 'none', '--format', 'imagezmq', '--bind', endpoint]
    this.#victim = new Victim('viewer 2', folder, args, (line) => (this.#counts = JSON.parse(line) as Counts))
    const { Dealer } = zeromq()
    this.#camera = new Dealer({ linger: 0 })
    this.#camera.connect(endpoint)
    this.#reading = this.#readAnswers()
  }

  async start(): Promise<void> {
    await this.#victim.process.says(/: connected: /)
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      for (let left = MESSAGES_A_ROUND; left > 0; left--) {
        const message = this.#random.pick(this.#messages)
        const isGood = this.#random.chance(GOOD_SHARE)
        if (isGood) this.#good += 1
        this.#sent += 1
        await this.#camera.send(['', ...(isGood ? message : mutate(message, this.#random))])
      }
      await until(() => {
        if (this.#victim.process.end !== undefined) return `viewer 2 ended with ${this.#victim.process.end}`
        return this.#answers < this.#sent
          ? `viewer 2 did not answer ${this.#sent - this.#answers} messages`
          : undefined
      })
    }
  }

  async close(): Promise<AttackReport> {
    const { failures, memory } = await this.#victim.close()
    this.#camera.close()
    await this.#reading
    const { received = 0, invalid = 0, unsupported = 0, lost } = this.#counts ?? {}
    if (received + invalid + unsupported !== this.#sent || received < this.#good)
      failures.push(
        `viewer 2 counted ${received}, ${invalid} invalid and ${unsupported} unsupported of ${this.#sent}, ${this.#good} of them good`,
      )
    if (lost !== null) failures.push(`viewer 2 says that ${lost} were lost, which it cannot know`)
    const events = this.#victim.eventsLogged(BAD_MESSAGE)
    if (events !== invalid + unsupported)
      failures.push(`viewer 2 logged ${events} bad messages instead of ${invalid + unsupported}`)
    const line = `viewer 2: ${this.#sent} messages of imagezmq, ${received} received, ${invalid + unsupported} refused, ${this.#answers} answered`
    return { failures, lines: [line, memory] }
  }

  async #readAnswers(): Promise<void> {
    try {
      for await (const _ of this.#camera) this.#answers += 1
    } catch (error) {
      if (!this.#camera.closed) throw error
    }
  }
}

/**
 * An address of this machine alone that nobody else uses, where the system has more than one: a camera of another program
 * that once knew a hub at the same port would find this one, and its messages would be too many in the accounts.
 */
function ownAddress(random: Random): string {
  if (process.platform !== 'linux') return '127.0.0.1'
  return `127.${1 + random.below(254)}.${random.below(256)}.${1 + random.below(254)}`
}
