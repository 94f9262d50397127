import type { Random } from '../support/random.ts'
import { freePorts } from '../support/free-ports.ts'
import type { Attack, AttackReport } from './attack.ts'
import { sendToPublisher } from './rubbish-client.ts'
import { Victim } from './victim.ts'

/** What a publisher may log of those who attack it. */
const REFUSAL = /: (?:cut off the subscriber|refused|a peer connected) /

/** Too many subscriptions in all: then everybody is cut off for a moment, and may miss what is sent meanwhile. */
const CUT_OFF_ALL = /: cut off every subscriber /
const INTERVAL_MS = 5
const MOST_MISSED_EACH_TIME = 2000 / INTERVAL_MS

/** Attacks a publisher of numbers and video with subscribers that are none; a good client counts what it misses. */
export class PublisherAttack implements Attack {
  readonly #random: Random
  readonly #victim: Victim
  readonly #witness: Victim
  readonly #ports: readonly [number, number]
  #connections = 0
  #seq: number | undefined
  #values = 0
  #missed = 0
  readonly #failures: string[] = []

  static async open(folder: string, random: Random): Promise<PublisherAttack> {
    const [numbers, video] = (await freePorts(2)) as [number, number]
    return new PublisherAttack(folder, random, [numbers, video])
  }

  private constructor(folder: string, random: Random, ports: readonly [number, number]) {
    this.#random = random
    this.#ports = ports
    const [numbers, video] = ports
    const publish = [
      'publish',
      '--numbers-port',
      numbers,
      '--video-port',
      video,
      '--interval',
      `${INTERVAL_MS}ms`,
      '--width',
      160,
    ]
    this.#victim = new Victim('publisher', folder, publish, () => undefined)
    const client = ['client', 'all', '--connect', `tcp://127.0.0.1:${numbers}`]
    this.#witness = new Victim('client of it', folder, client, (line) => this.#take(line))
  }

  async start(): Promise<void> {
    await this.#witness.process.says(/: connected: /)
  }

  async run(signal: AbortSignal): Promise<void> {
    const attacker = async (port: number): Promise<void> => {
      while (!signal.aborted && this.#victim.process.end === undefined) {
        await sendToPublisher(port, this.#random)
        this.#connections += 1
      }
    }
    await Promise.all([...this.#ports, ...this.#ports].map(attacker))
  }

  async close(): Promise<AttackReport> {
    const witness = await this.#witness.close()
    const victim = await this.#victim.close()
    const failures = [...this.#failures, ...victim.failures, ...witness.failures]
    if (this.#values < 10) failures.push(`the client of the publisher received ${this.#values} values`)
    const floods = this.#victim.eventsLogged(CUT_OFF_ALL)
    const others = this.#victim.eventsLogged(/./) - floods - this.#victim.eventsLogged(REFUSAL)
    if (others > 0) failures.push(`publisher logged ${others} events that are no refusals`)
    const [numbers] = this.#ports
    const ownFloods = this.#victim.eventsLogged(new RegExp(`${CUT_OFF_ALL.source}.*:${numbers}\\b`))
    if (this.#missed > ownFloods * MOST_MISSED_EACH_TIME)
      failures.push(
        `the client of the publisher lost ${this.#missed} values, and was cut off ${ownFloods} times`,
      )
    const summary = this.#witness.process.stderr.at(-1) ?? ''
    const wanted = `received ${this.#values}, lost ${this.#missed}, `
    if (!summary.startsWith(wanted))
      failures.push(`the client of the publisher ended with "${summary}" instead of "${wanted}..."`)
    const client = `its client received ${this.#values} arrays and lost ${this.#missed}`
    const line = `publisher: ${this.#connections} hostile subscribers, all cut off ${floods} times, while ${client}`
    return { failures, lines: [line, victim.memory, witness.memory] }
  }

  #take(line: string): void {
    const { seq } = JSON.parse(line) as { seq: number }
    const wanted = (this.#seq ?? seq - 1) + 1
    if (seq < wanted) this.#failures.push(`the client of the publisher received ${seq} again`)
    this.#missed += Math.max(seq - wanted, 0)
    this.#seq = seq
    this.#values += 1
  }
}
